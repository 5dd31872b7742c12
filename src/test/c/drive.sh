#!/bin/sh
# Drives the real programs in containers.
#   drive.sh IMAGE DIRECTORY [AREA...]
# IMAGE is built from image/Dockerfile, DIRECTORY holds the programs; areas are the files of
# inside/ without .sh, and "engine".
set -u
image=$1 directory=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
repository=$here/../../..
[ $# -gt 0 ] || set -- exit startup environment pid1 services ready syslog user cron manual engine
passed=0 failed=0

in_container() {
    docker run --rm --cap-add SYS_ADMIN --security-opt seccomp=unconfined \
        --security-opt apparmor=unconfined --network none -v "$here/inside:/drive:ro" \
        -v "$directory/my_init:/sbin/my_init:ro" -v "$directory/setuser:/sbin/setuser:ro" \
        -v "$directory/container-ready:/sbin/container-ready:ro" -v "$repository/src/main/man:/man:ro" \
        -v "$repository/init-scripts/sshd/usr/sbin/enable_insecure_key:/enable_insecure_key:ro" \
        -v "$repository/init-scripts/cron/etc/service/cron/run:/drive-cron:ro" \
        -v "$repository/init-scripts/apt/core/usr/sbin/install_clean:/sbin/install_clean:ro" "$image" timeout -k 5 240 sh -c "rm -rf /tmp/drive; . /drive/lib.sh; . /drive/$1.sh
            echo \"counts \$(grep -c p \$counts) \$(grep -c f \$counts)\"" 2>&1
}

for area; do
    if [ "$area" = engine ]; then
        output=$(sh "$here/engine.sh" "$image" "$directory" 2>&1)
    else
        output=$(in_container "$area")
    fi
    echo "$output" | grep -v '^counts '
    counts=$(echo "$output" | sed -n 's/^counts //p')
    [ -n "$counts" ] || counts='0 1'
    echo "$area: ${counts% *} passed, ${counts#* } failed"
    passed=$((passed + ${counts% *}))
    failed=$((failed + ${counts#* }))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
