# shellcheck shell=sh
# Checks that run in a privileged container; each starts its own my_init, as PID 1 of a new
# PID namespace or as an ordinary process.

work=/tmp/drive
# Python must read UTF-8 whatever the image thinks of locales.
export LC_ALL=C.UTF-8
mkdir -p "$work"
counts=$work/counts
: >>"$counts"

ok() { echo p >>"$counts"; }
no() {
    echo f >>"$counts"
    echo "FAILED $*"
    [ ! -s "$work/err" ] || sed 's/^/    | /' "$work/err" | head -n 20
}

# is NAME EXPECTED GOT
is() {
    if [ "$2" = "$3" ]; then ok; else no "$1: expected '$2', got '$3'"; fi
}

# has NAME FILE PATTERN...: each fixed string is somewhere in the file
has() {
    has_name=$1 has_file=$2
    shift 2
    for has_text; do
        if grep -qF -- "$has_text" "$has_file"; then ok; else no "$has_name: no '$has_text'"; fi
    done
}

hasnt() {
    if grep -qF -- "$3" "$2"; then no "$1: there is '$3'"; else ok; fi
}

# below NAME LIMIT GOT
below() {
    if [ "$3" -lt "$2" ]; then ok; else no "$1: $3 is not below $2"; fi
}

# util-linux of 2016 does not know it.
kill_child=$(unshare --help | grep -o -e --kill-child | head -n 1)

now() { echo $(($(date +%s%N) / 1000000)); }

# Runs my_init as PID 1 of a namespace of its own; output in $work/out and $work/err.
first() {
    # shellcheck disable=SC2086
    unshare --pid --fork $kill_child --mount-proc my_init "$@" >"$work/out" 2>"$work/err" </dev/null
}

# The same in the background: $unshare_pid is what to wait for, $pid what to send signals to.
first_in_background() {
    : >"$work/err"
    # A shell starts background jobs with INT and QUIT ignored.
    # shellcheck disable=SC2016,SC2086
    perl -e '$SIG{INT} = $SIG{QUIT} = "DEFAULT"; exec @ARGV' \
        unshare --pid --fork $kill_child --mount-proc my_init "$@" >"$work/out" 2>"$work/err" </dev/null &
    unshare_pid=$!
    pid=
    while [ -z "$pid" ] && kill -0 "$unshare_pid" 2>/dev/null; do pid=$(pgrep -P "$unshare_pid"); done
}

# Waits until my_init, started in the background, holds its signals: what comes before, while it is
# still unshare or the kernel loads it, the kernel throws away for a process 1.
until_listening() {
    until awk '/^Name:/ { name = $2 } /^SigBlk:/ { held = $2 }
        END { exit !(name == "my_init" && held !~ /^0+$/) }' "/proc/$pid/status" 2>/dev/null ||
        ! kill -0 "$pid" 2>/dev/null; do :; done
}

# Waits up to ten seconds until a command succeeds.
until_true() {
    until_end=$(($(now) + 10000))
    until "$@" >/dev/null 2>&1; do
        if [ "$(now)" -gt "$until_end" ]; then
            no "waited in vain for: $*"
            return 1
        fi
        sleep 0.01
    done
}

script() {
    mkdir -p "$(dirname "$1")"
    printf '#!/bin/sh\n%s\n' "$2" >"$1"
    chmod 755 "$1"
}

fresh() {
    rm -rf /etc/my_init.d /etc/my_init.pre_shutdown.d /etc/my_init.post_shutdown.d /etc/service \
        /etc/container_environment /etc/container_environment.sh \
        /etc/container_environment.json /etc/rc.local /run/container_environment* /dev/log \
        /tmp/log
    mkdir -p /etc/my_init.d /etc/my_init.pre_shutdown.d /etc/my_init.post_shutdown.d /etc/service
    mkdir -m 700 /etc/container_environment
    unset KILL_PROCESS_TIMEOUT KILL_ALL_PROCESSES_TIMEOUT ENV_INIT_DIRECTORY
}
