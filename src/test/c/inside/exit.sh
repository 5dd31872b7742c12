# shellcheck shell=sh disable=SC2016,SC2030,SC2031
# PID1-2, BOOT-5, BOOT-6, BOOT-7: exit statuses, messages, options.
: "${work:?run by drive.sh, after lib.sh}" "${pid:=}" "${unshare_pid:=}"

fresh
code=0
wrong=
while [ "$code" -le 255 ]; do
    first --quiet --skip-startup-files --skip-runit -- sh -c "exit $code"
    got=$?
    [ "$got" -eq "$code" ] || wrong="$wrong $code:$got"
    my_init --quiet --skip-startup-files --skip-runit -- sh -c "exit $code" 2>/dev/null
    got=$?
    [ "$got" -eq "$code" ] || wrong="$wrong ($code:$got)"
    code=$((code + 1))
done
is 'PID1-2 every exit code' '' "$wrong"

wrong=
for number in $(seq 64); do
    # By default CHLD, CONT, the stop signals, URG and WINCH end nobody; 32 and 33 are the C library's own.
    case $number in 17 | 18 | 19 | 20 | 21 | 22 | 23 | 28 | 32 | 33) continue ;; esac
    first --skip-startup-files --skip-runit -- sh -c "ulimit -c 0; kill -$number \$\$"
    got=$?
    [ "$got" -eq $((128 + number)) ] || wrong="$wrong $number:$got"
    grep -q "was killed by signal $number" "$work/err" || wrong="$wrong message:$number"
done
is 'PID1-2 every deadly signal' '' "$wrong"

first --skip-startup-files --skip-runit no-such-command
is 'PID1-2 not found' 127 $?
has 'PID1-2 not found' "$work/err" 'ERROR: no-such-command: command not found'
first --skip-startup-files --skip-runit /no/such
is 'PID1-2 path not found' 127 $?
has 'PID1-2 path not found' "$work/err" '/no/such: not found'
first --skip-startup-files --skip-runit /etc/passwd
is 'PID1-2 not executable' 126 $?
has 'PID1-2 not executable' "$work/err" '/etc/passwd: not executable'
first --skip-startup-files --skip-runit /etc
is 'PID1-2 directory' 126 $?
has 'PID1-2 directory' "$work/err" '/etc: is a directory'

printf 'echo by shell; exit 7\n' >/tmp/plain; chmod 755 /tmp/plain
first --skip-startup-files --skip-runit /tmp/plain
is 'command without interpreter line' 7 $?
has 'command without interpreter line' "$work/err" 'WARNING: /tmp/plain has no interpreter line'
is 'command without interpreter line' 'by shell' "$(cat "$work/out")"
printf '#!/bin/nope -x\n' >/tmp/nope; chmod 755 /tmp/nope
first --skip-startup-files --skip-runit /tmp/nope
is 'missing interpreter' 127 $?
has 'missing interpreter' "$work/err" '/tmp/nope: interpreter /bin/nope not found'
printf '\177ELF\002\001\001' >/tmp/broken; chmod 755 /tmp/broken
first --skip-startup-files --skip-runit /tmp/broken
is 'broken program' 126 $?
has 'broken program' "$work/err" 'a program for another kind of machine'
mkdir -p /tmp/bin; cp /tmp/nope /tmp/bin/hidden; chmod 644 /tmp/bin/hidden
(export PATH="/tmp/bin:$PATH"; first --skip-startup-files --skip-runit hidden)
is 'not executable in PATH' 126 $?
has 'not executable in PATH' "$work/err" '/tmp/bin/hidden: not executable'

first --skip-startup-files --skip-runit ls -d /
is 'BOOT-7 options end at the first word' '/' "$(cat "$work/out")"
has 'BOOT-6 messages' "$work/err" '*** Running ls -d /...' '*** ls -d / exited with status 0.' \
    '*** Killing all processes...'
first --quiet --skip-startup-files --skip-runit -- ls -d /
is 'BOOT-6 --quiet' '' "$(cat "$work/err")"
first --skip-startup-files --skip-runit -- echo --quiet --help
is 'BOOT-7 words behind --' '--quiet --help' "$(cat "$work/out")"
first --skip-startup-files --skip-runit --no-kill-all-on-exit true
hasnt 'BOOT-7 --no-kill-all-on-exit' "$work/err" 'Killing all'
my_init --nonsense true 2>"$work/err"
is 'BOOT-7 unknown option' 2 $?
has 'BOOT-7 unknown option' "$work/err" 'unknown option --nonsense'
my_init --skip-runit 2>"$work/err"
is 'BOOT-7 --skip-runit alone' 2 $?
has 'BOOT-7 --skip-runit alone' "$work/err" '--skip-runit needs a command'
my_init --help >"$work/out" 2>"$work/err"
is 'BOOT-7 --help' 0 $?
has 'BOOT-7 --help' "$work/out" --enable-insecure-key --skip-startup-files --skip-runit \
    --no-kill-all-on-exit --quiet ENV_INIT_DIRECTORY KILL_PROCESS_TIMEOUT \
    KILL_ALL_PROCESSES_TIMEOUT
first --skip-startup-files --enable-insecure-key --skip-runit true
is 'BOOT-7 --enable-insecure-key without sshd' 1 $?
has 'BOOT-7 --enable-insecure-key without sshd' "$work/err" 'this image has no sshd'
script /usr/sbin/enable_insecure_key 'echo key >&2'
first --skip-startup-files --enable-insecure-key --skip-runit true
is 'BOOT-7 --enable-insecure-key' 0 $?
has 'BOOT-7 --enable-insecure-key' "$work/err" 'key'
rm /usr/sbin/enable_insecure_key
mv /usr/bin/runsvdir /usr/bin/runsvdir.away
first
is 'no runit' 1 $?
has 'no runit' "$work/err" 'ERROR: runsvdir not found'
mv /usr/bin/runsvdir.away /usr/bin/runsvdir
