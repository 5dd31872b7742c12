# shellcheck shell=sh disable=SC2016,SC2030,SC2031
# ENV-1 to ENV-8, in the places that a container uses.
: "${work:?run by drive.sh, after lib.sh}" "${pid:=}" "${unshare_pid:=}"

cat >"$work/compare.py" <<'P'
"""Prints what differs between the variables expected and the JSON dump, or nothing."""
import json, os, sys
with open("/etc/container_environment.json", encoding="utf-8") as f:
    dumped = json.load(f)
expected = dict(a.split("=", 1) for a in sys.argv[1:])
for name, value in expected.items():
    if dumped.get(name) != value:
        print(name, repr(value), repr(dumped.get(name)))
P

fresh
printf 'from file\n' >/etc/container_environment/FILE
printf 'two\n\n' >/etc/container_environment/NEWLINE
printf 'cr\r\n' >/etc/container_environment/CR
: >/etc/container_environment/EMPTY
echo file >/etc/container_environment/BOTH
mkdir /etc/container_environment/directory /etc/container_environment/..real
ln -s /nowhere /etc/container_environment/dangling
echo kube >/etc/container_environment/..real/KUBE
ln -s ..real /etc/container_environment/..data
ln -s ..data/KUBE /etc/container_environment/KUBE
mkfifo /etc/container_environment/fifo
printf 'a\0b' >/etc/container_environment/NUL
tricky=$(printf 'a  b"c'"'"'d$e`f\\g\n\th\r\303\244')
long=$(head -c 200000 /dev/zero | tr '\0' x)
printf %s "$long" >/etc/container_environment/LONG
(export BOTH=run TRICKY="$tricky"; first env -0)
is 'ENV status' 0 $?
tr '\0' '\n' <"$work/out" >"$work/lines"
has 'ENV-1' "$work/lines" 'FILE=from file' 'BOTH=run' 'KUBE=kube' "$(printf 'CR=cr\r')"
is 'ENV-1 one newline only' "$(printf 'NEWLINE=two\n\n.')" "$(python3 -c 'import sys
for v in open("'"$work/out"'", "rb").read().split(b"\0"):
    if v.startswith(b"NEWLINE="): sys.stdout.buffer.write(v + b"\n.")')"
hasnt 'ENV-6 long value' "$work/lines" 'LONG='
has 'ENV-6' "$work/err" 'variable LONG is longer' 'NUL is not taken as a variable: it holds a NUL'
is 'ENV-6 one warning' 1 "$(grep -c 'variable LONG' "$work/err")"
is 'ENV-1 directory' run "$(cat /etc/container_environment/BOTH)"
is 'ENV-2 directory' "$tricky." "$(cat /etc/container_environment/TRICKY; echo .)"
is 'ENV-2 json' '' "$(python3 "$work/compare.py" "TRICKY=$tricky" BOTH=run KUBE=kube EMPTY= "HOME=$HOME")"
is 'ENV-6 long value in the json' 200000 "$(python3 -c 'import json; print(len(json.load(open("/etc/container_environment.json"))["LONG"]))')"
for shell in sh bash; do
    is "ENV-2 sourced by $shell" "$tricky." "$(env -i "$(command -v "$shell")" -c '. /etc/container_environment.sh; printf %s. "$TRICKY"')"
done
hasnt 'ENV-3 .sh' /etc/container_environment.sh 'export HOME='
is 'ENV-3 directory' no "$([ -e /etc/container_environment/HOME ] && echo yes || echo no)"
is 'ENV-5 mode' '700 root:root' "$(stat -c '%a %U:%G' /etc/container_environment)"
is 'ENV-5 .sh' '640 root:docker_env' "$(stat -c '%a %U:%G' /etc/container_environment.sh)"
is 'ENV-5 .json' '640 root:docker_env' "$(stat -c '%a %U:%G' /etc/container_environment.json)"
is 'ENV-5 group reads' 0 "$(setuser app sh -c '. /etc/container_environment.sh'; echo $?)"
chmod 755 /etc/container_environment; chmod 644 /etc/container_environment.sh /etc/container_environment.json
(export NEW=new; first true)
is 'ENV-5 chmod survives' '755 644 644' "$(stat -c %a /etc/container_environment /etc/container_environment.sh /etc/container_environment.json | tr '\n' ' ' | sed 's/ $//')"
is 'ENV-5 others read a new file' new "$(setuser nobody cat /etc/container_environment/NEW)"
is 'ENV-7 nothing left over' '' "$(find /etc -name '.my_init*')"

fresh
ln -s /nowhere /etc/container_environment/x
env -i PATH="$PATH" 'no-name=1' '../escape=2' 'a/b=3' '..=4' 'SHELLOPTS=xtrace' "$(printf 'BAD=\377')" \
    unshare --pid --fork --mount-proc my_init cat /proc/self/environ >"$work/out" 2>"$work/err"
is 'ENV-6 odd names' 0 $?
tr '\0' '\n' <"$work/out" >"$work/lines"
has 'ENV-6 children have them' "$work/lines" no-name=1 ../escape=2 a/b=3 ..=4 HOME=/root
has 'ENV-6 warned' "$work/err" '"no-name" is no name for a shell' '"../escape" is no name for a shell'
is 'ENV-6 one warning each' 1 "$(grep -c no-name "$work/err")"
is 'ENV-6 nothing outside' no "$([ -e /etc/escape ] && echo yes || echo no)"
is 'ENV-6 json' '' "$(python3 "$work/compare.py" no-name=1 ../escape=2 a/b=3 ..=4 "$(printf 'BAD=\357\277\275')")"
is 'ENV-6 .sh can be sourced' 0 "$(bash -c '. /etc/container_environment.sh'; echo $?)"

fresh
script /etc/my_init.d/1 'echo one >/etc/container_environment/ONE; rm /etc/container_environment/GONE
    echo "export SH=1" >>/etc/container_environment.sh; cd /etc/container_environment; echo a >SUB; env >/tmp/env1'
script /etc/my_init.d/2 'env >/tmp/env2; echo two >/etc/container_environment/ONE; echo x >/etc/container_environment/HOME'
env HOME=/some USER=me GONE=1 SHELL=/bin/x odd-name=1 \
    unshare --pid --fork --mount-proc my_init env >"$work/out" 2>"$work/err"
has 'ENV-4 added' /tmp/env2 ONE=one
hasnt 'ENV-4 removed' /tmp/env2 GONE=
has 'ENV-3 children after a script' /tmp/env2 HOME=/some USER=me SHELL=/bin/x
has 'ENV-4 last word' "$work/out" ONE=two HOME=x odd-name=1
hasnt 'ENV-4 editing .sh' /etc/container_environment.sh SH=1
hasnt 'ENV-4 .json again' /etc/container_environment.json GONE
has 'ENV-4 .json again' /etc/container_environment.json '"ONE": "two"'

# As a cluster mounts its configuration.
fresh
echo file >/etc/container_environment/FILE
mount --bind /etc/container_environment /etc/container_environment
mount -o remount,bind,ro /etc/container_environment
(export GIVEN=given; first sh -c 'cat /etc/container_environment.sh; ls /run/container_environment')
has 'ENV-2 read-only directory' "$work/out" "export FILE='file'" "export GIVEN='given'" GIVEN
has 'ENV-2 read-only directory' "$work/err" '/etc/container_environment cannot be written (Read-only file system)'
is 'ENV-2 read-only directory, .json' '' "$(python3 "$work/compare.py" FILE=file GIVEN=given)"
umount /etc/container_environment
rm -r /run/container_environment

fresh
rmdir /etc/container_environment
first true
is 'ENV-6 missing directory' '0 700' "$? $(stat -c %a /etc/container_environment)"
script /etc/my_init.d/1 'rm -rf /etc/container_environment'
(export KEPT=1; first env)
is 'ENV-6 directory removed by a script' 0 $?
has 'ENV-6 directory removed by a script' "$work/out" KEPT=1

fresh
( cd /etc/container_environment && i=0 && while [ "$i" -lt 10000 ]; do echo "value $i" >"VAR$i"; i=$((i + 1)); done )
head -c 1000000 /dev/zero | tr '\0' y >/etc/container_environment/BIG
start=$(now)
first sh -c 'env | grep -c ^VAR'
is 'ENV 10,000 variables' 10000 "$(cat "$work/out")"
below 'ENV 10,000 variables, ms' 1500 $(($(now) - start))
fresh
( cd /etc/container_environment && i=0 && while [ "$i" -lt 40 ]; do head -c 100000 /dev/zero | tr '\0' y >"BIG$i"; i=$((i + 1)); done )
first true
is 'ENV-6 larger than the kernel takes' 0 $?
has 'ENV-6 larger than the kernel takes' "$work/err" 'the environment is larger than the kernel takes'

fresh
script /etc/my_init.d/1 'exec >/dev/null 2>&1
    i=0; while [ $i -lt 300 ]; do . /etc/container_environment.sh || exit 5; case $LAST in end) ;; *) exit 6 ;; esac; i=$((i + 1)); done'
( end=$(($(now) + 1500)); bad=0
  until [ -e /etc/container_environment.json ] || [ "$(now)" -gt $end ]; do sleep 0.01; done
  while [ "$(now)" -lt $end ]; do
    python3 -c 'import json
for _ in range(200): json.load(open("/etc/container_environment.json"))' || bad=1
  done; echo $bad >"$work/bad" ) &
i=0
head -c 100000 /dev/zero | tr '\0' z >/etc/container_environment/A
while [ $i -lt 100 ]; do (export LAST=end; first --skip-startup-files --skip-runit true); i=$((i + 1)); done
wait
is 'ENV-7 no half dump is seen' 0 "$(cat "$work/bad")"

# A user namespace that knows one number only, as engines without root may have: it has no docker_env.
fresh
unshare --user --map-root-user my_init --skip-startup-files --skip-runit true >"$work/out" 2>"$work/err"
is 'ENV-2 a group that the namespace lacks' 0 $?
hasnt 'ENV-2 a group that the namespace lacks' "$work/err" WARNING
is 'ENV-5 a group that the namespace lacks' 640 "$(stat -c %a /etc/container_environment.sh)"
