# shellcheck shell=sh disable=SC2016
# BOOT-9, STOP-6, LOG-4: the syslog socket from the first script to the last word.
: "${work:?run by drive.sh, after lib.sh}" "${pid:=}" "${unshare_pid:=}"

syslog_service() {
    mkdir -p /etc/service/syslog
    cp /usr/share/drive/syslog.run /etc/service/syslog/run
    touch /etc/service/syslog/provides-dev-log
    rm -f /var/log/syslog /var/lib/syslog-ng/syslog-ng.ctl /run/rsyslogd.pid
}

lines() { grep -c "$1" /var/log/syslog; }

fresh; syslog_service
script /etc/my_init.d/1 'i=0; while [ $i -lt 200 ]; do logger "early $i."; i=$((i + 1)); done'
mkdir -p /etc/service/talker
script /etc/service/talker/run 'logger "service start."; trap "sleep 0.4; logger last-words; exit" TERM; while :; do sleep 0.01; done'
first_in_background
until_true test -e /var/log/syslog
until_true grep -q 'service start' /var/log/syslog
logger 'by the daemon.'; until_true grep -q 'by the daemon' /var/log/syslog
kill -TERM "$pid"; wait "$unshare_pid"
is 'BOOT-9 nothing lost' 200 "$(lines early)"
is 'BOOT-9 in order' yes "$(grep -o 'early [0-9]*' /var/log/syslog | sort -s -n -k 2 -c && echo yes)"
is 'STOP-6 last words' 1 "$(lines last-words)"

# The daemon has ended when the last shutdown files run; what they log goes to stderr.
# They are more than a socket holds, so each of them has to be read at once.
script /etc/my_init.post_shutdown.d/1 'i=0; while [ $i -lt 100 ]; do logger "after-the-end $i."; i=$((i + 1)); done'
rm -f /var/log/syslog; first_in_background; until_true grep -q 'early 199' /var/log/syslog
kill -TERM "$pid"; wait "$unshare_pid"
is 'STOP-6 post-shutdown files' 100 "$(grep -c after-the-end "$work/err")"
hasnt 'STOP-6 post-shutdown files' "$work/err" 'did not end'

# A burst of last lines, many times.
fresh; syslog_service
mkdir -p /etc/service/talker
script /etc/service/talker/run 'trap "exec python3 /tmp/burst.py" TERM; touch /tmp/up; while :; do sleep 0.01; done'
cat >/tmp/burst.py <<'P'
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.connect("/dev/log")
for i in range(500):
    s.send(b"<14>Nov 20 10:00:00 burst: burst %d." % i)
P
round=0
while [ $round -lt 5 ]; do
    rm -f /tmp/up /var/log/syslog; first_in_background --quiet
    until_true test -e /tmp/up; until_true logger started; until_true grep -q started /var/log/syslog
    kill -TERM "$pid"; wait "$unshare_pid"
    is 'STOP-6 a burst of last lines' 500 "$(lines burst:)"
    round=$((round + 1))
done

# A daemon that is behind when its turn to stop comes: what waits in its socket is read first.
cat >/tmp/burst.py <<'P'
import os, signal, socket, subprocess, time
daemon = int(subprocess.check_output(["pgrep", "-o", "^(syslog-ng|rsyslogd)$"]))
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.connect("/dev/log")
os.kill(daemon, signal.SIGSTOP)
for i in range(10):
    s.send(b"<14>Nov 20 10:00:00 burst: burst %d." % i)
if os.fork() == 0:
    os.setsid()
    time.sleep(0.2)
    os.kill(daemon, signal.SIGCONT)
P
rm -f /tmp/up /var/log/syslog; first_in_background --quiet
until_true test -e /tmp/up; until_true logger started; until_true grep -q started /var/log/syslog
kill -TERM "$pid"; wait "$unshare_pid"
is 'STOP-6 a daemon that is behind' 10 "$(lines burst:)"

# A stop while the socket changes hands loses nothing either.
fresh; syslog_service
script /etc/my_init.d/1 'i=0; while [ $i -lt 20 ]; do logger "early $i."; i=$((i + 1)); done'
delay=0; wrong=
while [ $delay -lt 90 ]; do
    rm -f /var/log/syslog; first_in_background --quiet
    until_true sh -c 'pgrep runsvdir'
    sleep "0.0$((delay / 10))$((delay % 10))"
    kill -TERM "$pid"; wait "$unshare_pid"
    got=$( (cat /var/log/syslog "$work/err") 2>/dev/null | grep -c 'early [0-9]*\.')
    [ "$got" -eq 20 ] || wrong="$wrong $delay:$got"
    delay=$((delay + 5))
done
is 'BOOT-9 a stop during the handover' '' "$wrong"

# No daemon comes: the lines are on stderr.
fresh; syslog_service
script /etc/my_init.d/1 'logger "is kept."; exit 1'
first --quiet
is 'BOOT-9 boot aborted' 1 $?
has 'BOOT-9 boot aborted' "$work/err" 'is kept.'
hasnt 'BOOT-9 boot aborted' "$work/err" '<13>'
is 'BOOT-9 the socket is gone' no "$([ -e /dev/log ] && echo yes || echo no)"
script /etc/my_init.d/1 'logger "is kept."; touch /etc/service/syslog/down'
first --quiet true
has 'BOOT-9 service taken down by a script' "$work/err" 'is kept.'

# More than memory is meant for; senders do not wait.
fresh; syslog_service
script /etc/my_init.d/1 'exec python3 -c "
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.connect(\"/dev/log\")
for i in range(3000): s.send(b\"<14>\" + b\"x\" * 1000)
"'
start=$(now); first_in_background
until_true grep -q 'do not fit\|did not fit' "$work/err"
below 'BOOT-9 overflow, ms' 3000 $(($(now) - start))
kill -TERM "$pid"; wait "$unshare_pid"

# What an earlier life left behind.
for leftover in socket link file; do
    fresh; syslog_service
    case $leftover in
    socket) python3 -c 'import socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).bind("/dev/log")' ;;
    link) ln -s /run/nothing/log /dev/log ;;
    file) echo x >/dev/log ;;
    esac
    echo 99999 >/run/rsyslogd.pid
    script /etc/my_init.d/1 'logger early.'
    first_in_background
    until_true grep -q early. /var/log/syslog
    until_true logger later.; until_true grep -q later. /var/log/syslog
    kill -TERM "$pid"; wait "$unshare_pid"; is "LOG-4 $leftover" 0 $?
done

# Somebody else's living socket is left alone.
fresh; syslog_service; rm -f /etc/service/syslog/run; script /etc/service/syslog/run 'exec sleep 1000'
python3 -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("/dev/log")
print(s.recv(1000))' >"$work/living" &
until_true test -S /dev/log
script /etc/my_init.d/1 'logger to the living'
first true; wait
has 'BOOT-9 a living socket' "$work/living" 'to the living'
