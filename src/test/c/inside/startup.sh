# shellcheck shell=sh disable=SC2016,SC2030,SC2031
# BOOT-2 to BOOT-5, BOOT-8, COMPAT-3: startup files.
: "${work:?run by drive.sh, after lib.sh}" "${pid:=}" "${unshare_pid:=}"

fresh
script /etc/my_init.d/b 'echo b >>/tmp/log'
script /etc/my_init.d/B 'echo B >>/tmp/log'
script /etc/my_init.d/10 'echo 10 >>/tmp/log'
script /etc/my_init.d/9 'echo 9 >>/tmp/log; cat >>/tmp/log'
script /tmp/linked 'echo linked >>/tmp/log; echo on stdout'
ln -s /tmp/linked /etc/my_init.d/z
script /etc/rc.local 'echo rc >>/tmp/log'
echo 'echo never >>/tmp/log' >/etc/my_init.d/c
mkdir /etc/my_init.d/directory
ln -s /nowhere /etc/my_init.d/dangling
first sh -c 'echo main >>/tmp/log; echo main'
is 'BOOT-2 status' 0 $?
is 'BOOT-2 byte order, links, rc.local, command' '10 9 B b linked rc main' "$(tr '\n' ' ' </tmp/log | sed 's/ $//')"
is 'SVC-5 stdout is the command alone' main "$(cat "$work/out")"
has 'BOOT-6' "$work/err" '*** Running /etc/my_init.d/10...' '*** Running /etc/rc.local...' \
    '*** Booting runit daemon...' '*** Runit started as PID ' '*** Shutting down runit daemon (PID '
has 'BOOT-4' "$work/err" '/etc/my_init.d/c is skipped: not executable' \
    '/etc/my_init.d/dangling is skipped: a link to nothing'
is 'BOOT-2 runit before the command' 'Booting Running' "$(grep -o 'Booting\|Running sh' "$work/err" | sed 's/ sh//' | tr '\n' ' ' | sed 's/ $//')"
: >/tmp/log
first --skip-startup-files true
is 'BOOT-7 --skip-startup-files' '' "$(cat /tmp/log)"

fresh
script /etc/my_init.d/a 'exit 3'
script /etc/my_init.d/b 'echo b >/tmp/log'
script /etc/my_init.pre_shutdown.d/p 'echo pre >>/tmp/hooks'
script /etc/my_init.post_shutdown.d/p 'echo post >>/tmp/hooks'
rm -f /tmp/hooks
first
is 'BOOT-3 status' 1 $?
has 'BOOT-3' "$work/err" 'ERROR: /etc/my_init.d/a exited with status 3'
hasnt 'BOOT-3 services' "$work/err" 'Booting runit'
is 'BOOT-3 nothing after it' no "$([ -e /tmp/log ] && echo yes || echo no)"
is 'BOOT-3 hooks' 'pre post' "$(tr '\n' ' ' </tmp/hooks | sed 's/ $//')"
script /etc/my_init.d/a 'kill -SEGV $$'
first true
is 'BOOT-3 signal' 1 $?
has 'BOOT-3 signal' "$work/err" '/etc/my_init.d/a was killed by signal 11 (SEGV)'

fresh
printf 'echo shell >/tmp/log\n' >/etc/my_init.d/a; chmod 755 /etc/my_init.d/a
first true
is 'BOOT-5 no interpreter line' 0 $?
has 'BOOT-5 no interpreter line' "$work/err" 'WARNING: /etc/my_init.d/a has no interpreter line (#!): /bin/sh runs it'
is 'BOOT-5 no interpreter line' shell "$(cat /tmp/log)"
printf '#!/bin/nope\n' >/etc/my_init.d/a
first true
is 'BOOT-5 missing interpreter' 1 $?
has 'BOOT-5 missing interpreter' "$work/err" '/etc/my_init.d/a: interpreter /bin/nope not found'
is 'BOOT-5 missing interpreter, said once' 2 "$(grep -c ERROR "$work/err")"
printf '#!/bin/sh\r\necho x\r\n' >/etc/my_init.d/a
first true
is 'BOOT-5 CRLF' 1 $?
has 'BOOT-5 CRLF' "$work/err" 'ERROR: /etc/my_init.d/a has CRLF line ends'
is 'BOOT-5 CRLF, said once' 1 "$(grep -c CRLF "$work/err")"
hasnt 'BOOT-5 CRLF' "$work/err" 127
printf '#!/usr/bin/env sh\r\necho x\r\n' >/etc/my_init.d/a
first true
is 'BOOT-5 CRLF by way of env' 1 $?
has 'BOOT-5 CRLF by way of env' "$work/err" 'ERROR: /etc/my_init.d/a exited with status 127: it has CRLF line ends'
printf '#!/usr/bin/env nope\n' >/etc/my_init.d/a
first true
has 'BOOT-5 missing interpreter by way of env' "$work/err" '/etc/my_init.d/a exited with status 127: interpreter nope not found'
printf 'true\r\nfalse\r\n' >/etc/my_init.d/a
first true
is 'BOOT-5 CRLF without interpreter line' 1 $?
has 'BOOT-5 CRLF without interpreter line' "$work/err" 'has CRLF line ends'

fresh
mkdir -p /tmp/mine; rm -f /tmp/mine/*
script /tmp/mine/a 'echo mine >/tmp/log'
script /etc/my_init.d/a 'echo stock >/tmp/log'
(export ENV_INIT_DIRECTORY=/tmp/mine; first true)
is 'BOOT-8 ENV_INIT_DIRECTORY' mine "$(cat /tmp/log)"
fresh
script /tmp/mine/a 'echo mine >/tmp/log'
echo /tmp/mine >/etc/container_environment/ENV_INIT_DIRECTORY
first true
is 'BOOT-8 ENV_INIT_DIRECTORY from a file' mine "$(cat /tmp/log)"
fresh
(export ENV_INIT_DIRECTORY=/tmp/nowhere; first true)
is 'BOOT-8 ENV_INIT_DIRECTORY missing' 0 $?
has 'BOOT-8 ENV_INIT_DIRECTORY missing' "$work/err" '/tmp/nowhere cannot be read'
fresh
(export KILL_PROCESS_TIMEOUT=soon KILL_ALL_PROCESSES_TIMEOUT=''; first true)
is 'BOOT-8 no number' 0 $?
has 'BOOT-8 no number' "$work/err" 'KILL_PROCESS_TIMEOUT is "soon"' 'KILL_ALL_PROCESSES_TIMEOUT is ""'

# Where nothing can stand in for stdin, a file must not have the container's.
fresh
script /etc/my_init.d/1 'rm /dev/null'
script /etc/my_init.d/2 'echo in the wrong place'
first echo never; is 'SVC-5 a file without standard files of its own' 1 $?
mknod -m 666 /dev/null c 1 3
has 'SVC-5 a file without standard files of its own' "$work/err" \
    '2 cannot be given its own session and standard files: No such file or directory'
hasnt 'SVC-5 a file without standard files of its own' "$work/err" 'in the wrong place'

# A key that a stop finds being made goes with it.
fresh
script /etc/service/sshd/run 'exec sleep 1000'
script /tmp/slow/ssh-keygen 'for file; do :; done; echo PRIVATE KEY >"$file"; exec sleep 1000'
cp /enable_insecure_key /etc/my_init.d/1
given_path=$PATH
PATH=/tmp/slow:$PATH
first_in_background
PATH=$given_path
until_true sh -c 'grep -rq "PRIVATE KEY" /tmp/tmp.*'
kill -TERM "$pid"; wait "$unshare_pid"
is 'SSH-3 a stop leaves no key behind' '' "$(grep -rl 'PRIVATE KEY' /tmp/tmp.* 2>/dev/null)"
rm -rf /tmp/slow /tmp/tmp.*
