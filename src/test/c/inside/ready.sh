# shellcheck shell=sh disable=SC2016
# SVC-6: container-ready.
: "${work:?run by drive.sh, after lib.sh}" "${pid:=}" "${unshare_pid:=}"

service() {
    mkdir -p "/etc/service/$1"
    script "/etc/service/$1/run" "$2"
}

ready() { nsenter -t "$pid" -p -m container-ready "$@" >"$work/ready" 2>&1; }

# becomes NAME ANSWER: waits until the answer is this, "" for yes.
becomes() {
    until_end=$(($(now) + 10000))
    until ready; [ "$(cat "$work/ready")" = "$2" ] || [ "$(now)" -gt "$until_end" ]; do sleep 0.02; done
    is "$1" "$2" "$(cat "$work/ready")"
}

end() { kill -TERM "$pid"; wait "$unshare_pid"; }

fresh
container-ready >"$work/ready"
is 'SVC-6 no runit' '1 not up: runsvdir' "$? $(cat "$work/ready")"
service a 'exec sleep 1000'; service a/log 'exec cat >/dev/null'
service down 'exec sleep 1000'; touch /etc/service/down/down
touch /etc/service/file; ln -s /nowhere /etc/service/dangling; mkdir -p /etc/service/empty /etc/service/.hidden
service elsewhere 'exec sleep 1000'; mv /etc/service/elsewhere /tmp/elsewhere.$$
ln -s "/tmp/elsewhere.$$" /etc/service/elsewhere; ln -s /run/supervised /etc/service/elsewhere/supervise
script /etc/my_init.d/1 'container-ready >/tmp/early; true'
first_in_background
becomes 'SVC-6 all up' ''
ready; is 'SVC-6 all up' 0 $?
is 'SVC-6 during startup files' 'not up: runsvdir a a/log elsewhere' "$(cat /tmp/early)"
ready --help; is 'SVC-6 --help' 0 $?
ready nonsense; is 'SVC-6 wrong usage' 2 $?
nsenter -t "$pid" -p -m setuser app container-ready >"$work/ready" 2>&1; is 'SVC-6 not root' 1 $?
has 'SVC-6 not root' "$work/ready" 'the state of the services cannot be read: Permission denied (only root can)'
nsenter -t "$pid" -p -m sv pause a; becomes 'SVC-6 paused' 'not up: a'
nsenter -t "$pid" -p -m sv cont a; becomes 'SVC-6 resumed' ''
nsenter -t "$pid" -p -m sv stop a; ready; is 'SVC-6 stopped' 'not up: a' "$(cat "$work/ready")"
nsenter -t "$pid" -p -m sv start a; becomes 'SVC-6 started' ''
kill -KILL "$(pgrep -f '^runsv a$')"; becomes 'SVC-6 its runsv was killed' 'not up: a a/log'
service unrunnable true; chmod 644 /etc/service/unrunnable/run
ready; has 'SVC-6 just added, not runnable' "$work/ready" unrunnable
kill -KILL "$pid" "$unshare_pid"; wait "$unshare_pid" 2>"$work/err"
pkill -x sleep; rm -rf /etc/service/unrunnable
first_in_background
becomes 'SVC-6 a second life' ''
has 'SVC-6 a second life' /tmp/early 'not up: runsvdir a a/log elsewhere'
end

# One that fails again and again is never ready, at whatever moment one looks.
fresh
service crash 'exit 1'; service slow 'sleep 0.25; exit 1'; service good 'exec sleep 1000'
first_in_background
becomes 'SVC-6 crash' 'not up: crash'
is_ready=0; until_end=$(($(now) + 3000))
while [ "$(now)" -lt "$until_end" ]; do
    ready && is_ready=$((is_ready + 1))
    grep -q 'crash' "$work/ready" || is_ready=$((is_ready + 1))
done
is 'SVC-6 crash, looks that took it for up' 0 $is_ready
end

fresh
service a 'exec sleep 1000'; service b 'exec sleep 1000'; service c 'exec sleep 1000'
script /etc/service/a/check 'echo noise; [ -e run ] && [ -e /tmp/checked ]'
script /etc/service/c/check 'sleep 1000'
rm -f /tmp/checked
first_in_background
until_true sh -c 'sv status a b c && ! sv status a b c | grep -v ^run:'; sleep 0.1
start=$(now); ready; took=$(($(now) - start))
is 'SVC-6 check scripts' 'not up: a c' "$(cat "$work/ready")"
below 'SVC-6 a check that hangs, ms' 6500 $took
is 'SVC-6 a check that hangs is gone' '' "$(pgrep -f check)"
touch /tmp/checked; rm /etc/service/c/check; becomes 'SVC-6 check scripts' ''
end

fresh
mkdir -p /etc/service/syslog
printf '#!/bin/sh\nsleep 0.6\n' >/etc/service/syslog/run
sed 1d /usr/share/drive/syslog.run >>/etc/service/syslog/run; chmod 755 /etc/service/syslog/run
touch /etc/service/syslog/provides-dev-log
rm -f /var/log/syslog /var/lib/syslog-ng/syslog-ng.ctl /run/rsyslogd.pid
first_in_background
becomes 'SVC-6 my_init holds the socket' 'not up: /dev/log'
becomes 'SVC-6 the daemon has it' ''
i=0; while [ $i -lt 20 ]; do ready; i=$((i + 1)); done
logger ready.; until_true grep -q ready. /var/log/syslog
is 'SVC-6 probes are not logged' 0 "$(grep -c container-ready /var/log/syslog)"
is 'SVC-6 probes are not logged, lines' 0 "$(grep -vc 'ready\.\|syslog' /var/log/syslog)"
daemon=$(pgrep -o '^(syslog-ng|rsyslogd)$')
kill -STOP "$daemon"; becomes 'SVC-6 a daemon that does not read' 'not up: /dev/log'
kill -CONT "$daemon"; becomes 'SVC-6 a daemon that reads again' ''
mv /dev/log /dev/gone; becomes 'SVC-6 no socket' 'not up: /dev/log'
mv /dev/gone /dev/log
end
