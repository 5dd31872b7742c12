# shellcheck shell=sh disable=SC2016,SC2030,SC2031
# SVC-1 to SVC-5, STOP-1 to STOP-5: services and their end.
: "${work:?run by drive.sh, after lib.sh}" "${pid:=}" "${unshare_pid:=}"

service() {
    mkdir -p "/etc/service/$1"
    script "/etc/service/$1/run" "$2"
}

# Starts, waits until a file is there, stops; $status and $took tell how that went.
stop_when() {
    first_in_background
    until_true test -e "$1"
    start=$(now)
    kill -TERM "$pid"
    wait "$unshare_pid"
    status=$?
    took=$(($(now) - start))
}

fresh; rm -f /tmp/up*
service a 'echo $$ >>/tmp/up.a; echo on stdout; exec sleep 1000'
service down 'touch /tmp/up.down; exec sleep 1000'; touch /etc/service/down/down
touch /etc/service/file; ln -s /nowhere /etc/service/dangling
first_in_background sh -c 'echo command; exec sleep 1000'
until_true test -e /tmp/up.a
kill -KILL "$(cat /tmp/up.a)" 2>/dev/null || nsenter -t "$pid" -p -m kill -KILL "$(cat /tmp/up.a)"
until_true sh -c '[ $(wc -l </tmp/up.a) -ge 2 ]'
is 'SVC-2 down' no "$([ -e /tmp/up.down ] && echo yes || echo no)"
sv start down >"$work/sv"; has 'SVC-2 sv start' "$work/sv" 'ok: run: down'
sv stop down >"$work/sv"; has 'SVC-2 sv stop' "$work/sv" 'ok: down: down'
service later 'touch /tmp/up.later; exec sleep 1000'
until_true test -e /tmp/up.later
is 'SVC-5' command "$(cat "$work/out")"
# runsvdir waits for a second if its directory is as new as this second.
slowest=0
for i in 1 2 3; do
    kill -TERM "$pid"; wait "$unshare_pid"; rm -f /tmp/up.a
    touch /etc/service; start=$(now); first_in_background
    until_true test -e /tmp/up.a; took=$(($(now) - start))
    [ $took -lt $slowest ] || slowest=$took
done
below 'SVC-1 services of a directory just changed, ms' 900 $slowest
start=$(now); kill -TERM "$pid"; wait "$unshare_pid"
below 'SVC all kinds of services stop, ms' 700 $(($(now) - start))
is 'STOP all services are gone' '' "$(pgrep -f '^sleep 1000')"

fresh; rm -f /tmp/up /tmp/log
service a 'trap "echo term >>/tmp/log; exit 0" TERM; touch /tmp/up; while :; do sleep 0.01; done'
script /etc/service/a/finish 'echo "finish $1 $2" >>/tmp/log'
script /etc/my_init.pre_shutdown.d/1 'echo pre >>/tmp/log; pgrep -f service/a\|./run >/dev/null && echo alive >>/tmp/log'
script /etc/my_init.post_shutdown.d/1 'echo post >>/tmp/log; pgrep runsv >/dev/null && echo alive >>/tmp/log; true'
stop_when /tmp/up
is 'STOP-1 order' 'pre alive term finish 0 0 post' "$(tr '\n' ' ' </tmp/log | sed 's/ $//')"
is 'STOP-1 status' 0 "$status"
below 'STOP idle, ms' 500 "$took"

fresh; rm -f /tmp/up
service stubborn 'trap "" TERM; touch /tmp/up; while :; do sleep 0.1; done'
script /etc/service/stubborn/finish 'touch /tmp/finished'
service good 'exec sleep 1000'
export KILL_PROCESS_TIMEOUT=0.5; stop_when /tmp/up
has 'STOP-2 the service is named' "$work/err" 'WARNING: service stubborn did not stop after TERM in time: it is killed'
is 'STOP-2 finish' yes "$([ -e /tmp/finished ] && echo yes)"
below 'STOP-2 killed in time, ms' 1500 "$took"
below 'STOP-2 not before its time, ms' "$took" 499

fresh; rm -f /tmp/up
service stubborn 'trap "" TERM; touch /tmp/up; while :; do sleep 0.1; done'
script /etc/service/stubborn/finish 'trap "" TERM; while :; do sleep 0.1; done'
export KILL_PROCESS_TIMEOUT=0.3 KILL_ALL_PROCESSES_TIMEOUT=0.4; stop_when /tmp/up
below 'STOP-4 finish hangs, ms' 1400 "$took"
export KILL_PROCESS_TIMEOUT=0 KILL_ALL_PROCESSES_TIMEOUT=0
rm -f /tmp/up; stop_when /tmp/up
below 'BOOT-8 0 means at once, ms' 600 "$took"

fresh; rm -f /tmp/up
service a 'touch /tmp/up; exec sleep 1000'
script /etc/my_init.pre_shutdown.d/1 'exit 4'
script /etc/my_init.pre_shutdown.d/2 'trap "" TERM; sleep 1000'
script /etc/my_init.pre_shutdown.d/3 'touch /tmp/three'
script /etc/my_init.post_shutdown.d/1 'sleep 1000'
script /etc/my_init.post_shutdown.d/2 'touch /tmp/post'
rm -f /tmp/three /tmp/post
export KILL_PROCESS_TIMEOUT=0.4; stop_when /tmp/up
has 'STOP-3' "$work/err" 'pre_shutdown.d/1 exited with status 4' \
    'pre_shutdown.d/2 did not end within KILL_PROCESS_TIMEOUT' 'post_shutdown.d/1 did not end'
is 'STOP-3 the rest goes on' 'yes yes' "$([ -e /tmp/three ] && echo yes) $([ -e /tmp/post ] && echo yes)"
below 'STOP-4 hooks hang, ms' 1600 "$took"

fresh
first_in_background sh -c 'trap "" TERM; touch /tmp/up; (trap "" TERM; while :; do sleep 0.1; done) & while :; do sleep 0.1; done'
export KILL_PROCESS_TIMEOUT=0.4 KILL_ALL_PROCESSES_TIMEOUT=0.4
kill -KILL "$pid"; wait "$unshare_pid"; rm -f /tmp/up
first_in_background sh -c 'trap "" TERM; touch /tmp/up; (trap "" TERM; while :; do sleep 0.1; done) & while :; do sleep 0.1; done'
until_true test -e /tmp/up
start=$(now); kill -TERM "$pid"; wait "$unshare_pid"
is 'STOP-1 command killed' 137 $?
took=$(($(now) - start))
below 'STOP-4 command and others killed, ms' 1300 $took
below 'STOP-4 each had its time, ms' $took 790
has 'STOP-1 command killed' "$work/err" 'sh did not end after TERM in time: it is killed'

# What was started from outside, as by docker exec, is no child of process 1.
fresh; rm -f /tmp/up /tmp/saved
first_in_background
until_true grep -q 'Runit started' "$work/err"
nsenter -t "$pid" -p -m sh -c 'trap "sleep 0.3; touch /tmp/saved; exit" TERM; touch /tmp/up; while :; do sleep 0.01; done' 2>/dev/null &
until_true test -e /tmp/up
kill -TERM "$pid"; wait "$unshare_pid" 2>/dev/null
is 'STOP-1 one from outside has the time to end' yes "$([ -e /tmp/saved ] && echo yes)"
wait 2>/dev/null
rm -f /tmp/up
export KILL_ALL_PROCESSES_TIMEOUT=0.4
first_in_background
until_true grep -q 'Runit started' "$work/err"
nsenter -t "$pid" -p -m sh -c 'trap "" TERM; touch /tmp/up; while :; do sleep 0.1; done' 2>/dev/null &
until_true test -e /tmp/up
start=$(now); kill -TERM "$pid"; wait "$unshare_pid"; took=$(($(now) - start))
below 'STOP-1 one from outside that ignores TERM, ms' 1300 "$took"
below 'STOP-1 it had its time, ms' "$took" 399
wait 2>/dev/null

# Nobody has set a timeout: whatever hangs, docker stop's 10 s are kept, and a good service has its share.
fresh; rm -f /tmp/up /tmp/good
deaf='trap "" TERM HUP INT; while :; do sleep 0.2; done'
service stubborn "$deaf"
service good 'trap "sleep 0.1; touch /tmp/good; exit" TERM; touch /tmp/up.good; while :; do sleep 0.01; done'
script /etc/my_init.d/1 "(sh -c '$deaf' deaf-orphan >/dev/null 2>&1 &)"
script /etc/my_init.pre_shutdown.d/1 "$deaf"
script /etc/my_init.post_shutdown.d/1 "$deaf"
first_in_background sh -c "touch /tmp/up; $deaf"
until_true test -e /tmp/up && until_true test -e /tmp/up.good
start=$(now); kill -TERM "$pid"; wait "$unshare_pid"
took=$(($(now) - start))
below 'BOOT-8 everything hangs, ms' 9400 $took
below 'BOOT-8 everything hangs, not before its time, ms' $took 8500
is 'BOOT-8 a good service has its time' yes "$([ -e /tmp/good ] && echo yes)"
has 'BOOT-8 what is killed is named' "$work/err" 'pre_shutdown.d/1 did not end within KILL_PROCESS_TIMEOUT' \
    'sh did not end after TERM in time' 'service stubborn did not stop after TERM in time' \
    'post_shutdown.d/1 did not end within the time for the stop' 'the time for the stop is up: killed are sh (PID '

fresh; rm -f /tmp/up
script /etc/my_init.d/1 "touch /tmp/up; $deaf"
script /etc/my_init.pre_shutdown.d/1 "$deaf"
script /etc/my_init.post_shutdown.d/1 "$deaf"
stop_when /tmp/up
below 'BOOT-8 a startup file and hooks hang, ms' 9400 "$took"
has 'BOOT-8 the startup file is named' "$work/err" '/etc/my_init.d/1 did not end after TERM in time: it is killed' \
    'pre_shutdown.d/1 did not end within the time for the stop: it is killed' \
    'post_shutdown.d/1 is left out: the time for the stop is up'
# With a timeout the sum stands: three files of 3.2 s each here.
export KILL_PROCESS_TIMEOUT=3.2 KILL_ALL_PROCESSES_TIMEOUT=0.3; rm -f /tmp/up; stop_when /tmp/up
below 'STOP-4 with a timeout the sum stands, ms' 10400 "$took"
below 'STOP-4 with a timeout the sum stands, ms' "$took" 9500

# The services find their programs whatever PATH is, and the dump keeps it.
fresh; rm -f /tmp/up /tmp/path; mkdir -p /opt/app/bin
service a '/usr/bin/touch /tmp/up; echo "$PATH" >/tmp/path; exec /bin/sleep 1000'
bin=$(dirname "$(command -v runsv)")
(PATH=/opt/app/bin; export PATH; exec /usr/bin/unshare --pid --fork ${kill_child:+"$kill_child"} --mount-proc /sbin/my_init >"$work/out" 2>"$work/err") &
unshare_pid=$!
until_true test -s /tmp/path
is 'SVC-1 a PATH without runit' "/opt/app/bin:$bin" "$(cat /tmp/path)"
is 'SVC-1 a PATH without runit, dumped' /opt/app/bin "$(cat /etc/container_environment/PATH)"
kill -TERM "$(pgrep -P $unshare_pid)"; wait $unshare_pid
rm -f /tmp/path; PATH="$PATH:$bin" first_in_background; until_true test -s /tmp/path
is 'SVC-1 a PATH with runit' "$PATH:$bin" "$(cat /tmp/path)"
kill -TERM "$pid"; wait "$unshare_pid"

# Many services, a stop while they are being started, one that fails again and again.
fresh
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do service "s$i" 'exec sleep 1000'; done
service flapping 'exit 1'
service finishing 'exit 1'; script /etc/service/finishing/finish 'sleep 0.05'
service unrunnable true; chmod 644 /etc/service/unrunnable/run
mkdir -p /etc/service/empty /etc/service/logged/log
service logged 'echo line; exec sleep 1000'; service logged/log 'exec cat >>/tmp/logged'
delay=0; slowest=0; wrong=
while [ $delay -lt 100 ]; do
    first_in_background --quiet
    until_listening
    sleep "0.$((delay / 100))$((delay / 10 % 10))$((delay % 10))"
    start=$(now); kill -TERM "$pid"; wait "$unshare_pid" || wrong="$wrong $delay"
    took=$(($(now) - start)); [ $took -lt $slowest ] || slowest=$took
    [ -z "$(pgrep -f '^sleep 1000')" ] || wrong="$wrong left:$delay"
    delay=$((delay + 3))
done
is 'STOP-5 early stops' '' "$wrong"
below 'STOP-5 early stops, ms' 900 $slowest

fresh; rm -f /tmp/logged /tmp/up
service logged 'trap "echo last words; exit" TERM; echo first; touch /tmp/up; while :; do sleep 0.01; done'
service logged/log 'while read -r line; do sleep 0.05; echo "$line" >>/tmp/logged; done; echo end >>/tmp/logged'
stop_when /tmp/up
is 'STOP log service reads to the end' 'first last words end' "$(tr '\n' ' ' </tmp/logged | sed 's/ $//')"
rmdir /etc/service 2>/dev/null; rm -rf /etc/service
first true
is 'SVC /etc/service is missing' 0 $?
