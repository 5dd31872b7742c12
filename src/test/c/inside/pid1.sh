# shellcheck shell=sh disable=SC2016
# PID1-1, PID1-3 to PID1-7: reaping, signals, what is ours to kill.
: "${work:?run by drive.sh, after lib.sh}" "${pid:=}" "${unshare_pid:=}" "${kill_child:=}"

fresh
first --skip-startup-files --skip-runit sh -c '
    before=$(awk "/VmRSS/ { print \$2 }" /proc/1/status)
    i=0; while [ $i -lt 500 ]; do (sleep 0.01 & exec true) ; i=$((i + 1)); done
    sleep 0.2
    ps -eo stat,pid | grep -c ^Z
    after=$(awk "/VmRSS/ { print \$2 }" /proc/1/status)
    [ "$after" -le $((before + 16)) ] || echo "$before $after"'
is 'PID1-1 500 orphans' 0 "$(cat "$work/out")"
script /etc/my_init.d/1 'i=0; while [ $i -lt 50 ]; do (sleep 0.01 & exec true); i=$((i + 1)); done; sleep 0.2; ps -eo stat | grep -c ^Z >/tmp/zombies; true'
cp /etc/my_init.d/1 /etc/my_init.post_shutdown.d/1
first sh -c 'cat /tmp/zombies; rm /tmp/zombies'
is 'PID1-1 during startup files' 0 "$(cat "$work/out")"
is 'PID1-1 during shutdown' 0 "$(cat /tmp/zombies)"

fresh
signals() { sed -n 's/^Sig\(Blk\|Ign\):\t//p' "$1" | tr '\n' ' '; }
grep Sig /proc/self/status >"$work/given"
script /etc/my_init.d/1 'exec grep Sig /proc/self/status >/tmp/startup'
script /etc/my_init.post_shutdown.d/1 'exec grep Sig /proc/self/status >/tmp/shutdown'
first grep Sig /proc/self/status
is 'PID1-3 command' "$(signals "$work/given")" "$(signals "$work/out")"
is 'PID1-3 startup' "$(signals "$work/given")" "$(signals /tmp/startup)"
is 'PID1-3 shutdown' "$(signals "$work/given")" "$(signals /tmp/shutdown)"
cat >"$work/odd.py" <<'P'
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGUSR2, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
os.execvp("my_init", "my_init --quiet --skip-runit --skip-startup-files -- env".split() + sys.argv[1:])
P
python3 "$work/odd.py" grep Sig /proc/self/status >"$work/out" 2>"$work/err"
# What the engine was itself started with ignored comes on top.
ignored=$(printf %016x $((0x1011800 | 0x$(sed -n 's/^SigIgn:\t//p' "$work/given"))))
is 'PID1-3 as given (with what Python adds: PIPE, XFSZ)' "0000000000000200 $ignored " "$(signals "$work/out")"
python3 "$work/odd.py" sh -c 'exit 9' 2>"$work/err"
is 'PID1-3 started with SIGCHLD ignored' 9 $?

fresh
first_in_background --skip-startup-files --skip-runit sh -c '
    for s in HUP QUIT USR1 USR2 WINCH; do trap "echo $s" $s; done; echo ready
    while :; do sleep 0.01; done'
until_true grep -q ready "$work/out"
for s in HUP QUIT USR1 USR2 WINCH; do
    kill -$s "$pid"
    until_true grep -qx $s "$work/out"
done
kill -TERM "$pid"; wait "$unshare_pid"
is 'PID1-4 status of the command' 143 $?
first_in_background sh -c 'trap "sleep 0.3; echo late; exit 4" TERM; echo ready; while :; do sleep 0.01; done'
until_true grep -q ready "$work/out"
kill -INT "$pid"; sleep 0.05; kill -TERM "$pid"; kill -INT "$pid"; wait "$unshare_pid"
is 'PID1-4 a second signal does not cut short' 4 $?
has 'PID1-4 a second signal does not cut short' "$work/out" late
first_in_background
until_true grep -q 'Runit started' "$work/err"
kill -HUP "$pid"; kill -USR1 "$pid"; sleep 0.05; kill -INT "$pid"; wait "$unshare_pid"
is 'PID1-7 graceful stop' 0 $?
has 'PID1-7 graceful stop' "$work/err" 'Shutting down runit daemon' 'Killing all processes'
for signal in KILL TERM; do
    first_in_background
    until_true grep -q 'Runit started' "$work/err"
    runsvdir=$(pgrep -P "$pid" runsvdir)
    # Before it has come so far as to catch TERM it would die of that.
    until_true sh -c 'mask=$(sed -n "s/^SigCgt:[[:space:]]*//p" "/proc/$1/status") &&
        [ $((0x$mask & 0x4000)) -ne 0 ]' - "$runsvdir"
    kill -$signal "$runsvdir"; wait "$unshare_pid"
    is "PID1-7 runsvdir ended by $signal" "$([ $signal = KILL ] && echo 137 || echo 0)" $?
    has "PID1-7 runsvdir ended by $signal" "$work/err" 'ERROR: the runit daemon '
done

# A stop in each of the first milliseconds: of startup files, services and command.
script /etc/my_init.d/1 'sleep 0.02'
script /etc/my_init.pre_shutdown.d/1 'echo pre >>/tmp/hooks'
script /etc/my_init.post_shutdown.d/1 'echo post >>/tmp/hooks'
mkdir -p /etc/service/x; script /etc/service/x/run 'exec sleep 1000'
delay=0; wrong=; slowest=0
while [ $delay -lt 60 ]; do
    rm -f /tmp/hooks
    first_in_background --quiet
    until_listening
    [ $delay -eq 0 ] || sleep "0.0$((delay / 10))$((delay % 10))"
    start=$(now); kill -TERM "$pid"; wait "$unshare_pid"; got=$?; took=$(($(now) - start))
    [ $took -lt $slowest ] || slowest=$took
    [ $got -eq 0 ] && [ "$(cat /tmp/hooks 2>/dev/null)" = "$(printf 'pre\npost')" ] || wrong="$wrong $delay:$got"
    delay=$((delay + 1))
done
is 'PID1-5, STOP-5 a stop at any moment' '' "$wrong"
below 'PID1-5, STOP-5 a stop at any moment, ms' 700 $slowest
rm -rf /etc/service/x

fresh
script /etc/my_init.d/1 'touch /tmp/started; sleep 1000; touch /tmp/never'
rm -f /tmp/started
first_in_background echo command; until_true test -e /tmp/started
kill -TERM "$pid"; wait "$unshare_pid"
is 'a stop before the command' 143 $?
first_in_background; sleep 0.1; kill -INT "$pid"; wait "$unshare_pid"
is 'a stop during a startup file' 0 $?
has 'a stop during a startup file' "$work/err" 'Stopping /etc/my_init.d/1...' 'Killing all'
hasnt 'a stop during a startup file' "$work/err" 'Booting runit'
script /etc/my_init.d/1 'trap "" TERM; touch /tmp/started; while :; do sleep 0.1; done'
rm -f /tmp/started
export KILL_PROCESS_TIMEOUT=0.2; first_in_background; until_true test -e /tmp/started
start=$(now); kill -TERM "$pid"; wait "$unshare_pid"
is 'a startup file that ignores TERM' 0 $?
below 'a startup file that ignores TERM, ms' 700 $(($(now) - start))

# A stop that comes while the environment is dumped finds the next file only just forked.
fresh
python3 -c 'for i in range(4000): open("/etc/container_environment/V%d" % i, "w").write("x")'
script /etc/my_init.d/1 '(sleep 0.03; kill -TERM 1) >/dev/null 2>&1 &'
script /etc/my_init.d/2 'exec sleep 1000'
export KILL_PROCESS_TIMEOUT=9
round=0; slowest=0
while [ $round -lt 6 ]; do
    start=$(now); first --quiet; took=$(($(now) - start))
    [ $took -lt $slowest ] || slowest=$took
    round=$((round + 1))
done
below 'PID1-5 a stop during a dump, ms' 8000 $slowest

fresh
sleep 1234 & stranger=$!
my_init --skip-startup-files --skip-runit sh -c '(trap "" TERM; sleep 4321) & (setsid sleep 4322 & exec true); exit 6' 2>"$work/err"
is 'PID1-6 not PID 1' 6 $?
is 'PID1-6 own descendants are gone' '' "$(pgrep -f '^sleep 432')"
is 'PID1-6 strangers live' yes "$(kill -0 $stranger && echo yes)"
kill $stranger

fresh
my_init --skip-startup-files --skip-runit sh -c \
    'all=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); echo $all >/tmp/fds; exit 5' <&- >&- 2>&-
is 'started without standard files' '5 /dev/null /dev/null /dev/null' "$? $(cat /tmp/fds)"

# Without /proc there is no look at the processes: runit ends what it has started.
fresh; rm -f /tmp/up
mkdir -p /etc/service/x; script /etc/service/x/run 'touch /tmp/up; exec sleep 1000'
start=$(now)
# shellcheck disable=SC2086
unshare --pid --fork $kill_child --mount sh -c 'umount -l /proc && exec my_init -- sh -c "until [ -e /tmp/up ]; do sleep 0.01; done; exit 6"' \
    >"$work/out" 2>"$work/err" </dev/null
is 'PID1-2 without /proc' 6 $?
below 'STOP-4 without /proc, ms' 9000 $(($(now) - start))
has 'STOP-1 without /proc' "$work/err" 'Shutting down runit daemon' 'Killing all processes'
is 'STOP-1 without /proc, left' '' "$(pgrep -f '^sleep 1000')"
