# shellcheck shell=sh disable=SC2016
# USER-1 to USER-3, HARD-2: setuser, and my_init without root.
: "${work:?run by drive.sh, after lib.sh}" "${pid:=}" "${unshare_pid:=}"

fresh
groupadd -f extra; usermod -a -G extra app
is 'USER-1' 'app 1234 app /home/app 1234' "$(setuser app sh -c 'echo "$(id -un) $(id -u) $USER $HOME $UID"')"
is 'USER-1 groups' "$(id -G app)" "$(setuser app id -G)"
is 'USER-1 by number' app "$(setuser 1234 id -un)"
is 'USER-1 environment' kept "$(KEPT=kept setuser app printenv KEPT)"
is 'USER-1 no process stays' "$$" "$(sh -c 'exec setuser app sh -c "echo \$PPID"')"
is 'USER-1 status' 42 "$(setuser app sh -c 'exit 42'; echo $?)"
setuser nobody-there id >"$work/out" 2>"$work/err"; is 'USER-2 unknown user' 1 $?
is 'USER-2 one line' '*** ERROR: setuser: unknown user nobody-there' "$(cat "$work/err")"
setuser 99999 id >"$work/out" 2>"$work/err"; is 'USER-2 unknown number' 1 $?
setuser app no-such >"$work/out" 2>"$work/err"; is 'USER-2 no command' 127 $?
is 'USER-2 one line' 1 "$(wc -l <"$work/err")"
setuser app /etc/passwd 2>"$work/err"; is 'USER-2 cannot run' 126 $?
is 'USER-2 a place it may not see' 126 "$(sh -c 'mkdir -p /root/d; chmod 700 /root; setuser app /root/x 2>/dev/null'; echo $?)"
setuser app 2>"$work/err"; is 'USER-2 no command' 1 $?
is 'USER-2 no command, one line' '*** ERROR: setuser: no command given; see setuser --help' "$(cat "$work/err")"
setuser 2>"$work/err"; is 'USER-2 no arguments' 1 $?
is 'USER-2 no arguments, one line' 1 "$(wc -l <"$work/err")"
setuser --help >"$work/out"; is 'setuser --help' 0 $?
is 'USER-3' failed "$(setuser app python3 -c '
import os
for change in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgid(0), lambda: os.setgroups([0])):
    try:
        change()
        print("root")
    except PermissionError:
        pass
print("failed")')"
cp /etc/passwd /etc/group /tmp
echo 'numberless:x::100::/:/bin/sh' >>/etc/passwd
setuser numberless id >"$work/out" 2>"$work/err"; is 'USER-2 a user without a number is not root' 1 $?
is 'USER-2 a user without a number is not root' '*** ERROR: setuser: unknown user numberless' "$(cat "$work/out" "$work/err")"
i=0; while [ $i -lt 100 ]; do echo "many$i:x:$((7000 + i)):app"; i=$((i + 1)); done >>/etc/group
is 'USER-1 a hundred groups' "$(id -G app | tr ' ' '\n' | sort)" "$(setuser app id -G | tr ' ' '\n' | sort)"
cp /tmp/passwd /tmp/group /etc
setuser app setuser nobody id >"$work/out" 2>"$work/err"; is 'USER-2 not root' 1 $?
has 'USER-2 not root' "$work/err" 'only root can'
is 'USER-1 the same user' 1234 "$(setuser app setuser app id -u)"

script /etc/my_init.d/1 'touch /tmp/never-as-user'
setuser app my_init -- sh -c 'id -u; exit 5' >"$work/out" 2>"$work/err"
is 'HARD-2 status' 5 $?
is 'HARD-2 command' 1234 "$(cat "$work/out")"
is 'HARD-2 one warning each' 4 "$(grep -c WARNING "$work/err")"
is 'HARD-2 no startup files' no "$([ -e /tmp/never-as-user ] && echo yes || echo no)"
setuser app my_init >"$work/out" 2>"$work/err"
is 'HARD-2 no command' 1 $?
