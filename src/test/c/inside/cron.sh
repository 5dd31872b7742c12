# shellcheck shell=sh
# CRON-1: the service cron, with a stand-in for the daemon.
: "${work:?run by drive.sh, after lib.sh}"

rm -rf /etc/cron.d /etc/crontab /var/spool/cron /tmp/cron; mkdir -p /etc/cron.d /tmp/cron /var/spool/cron/crontabs
script /tmp/cron/cron 'echo "cron $*" >/tmp/cron/started'
PATH=/tmp/cron:$PATH
linked() {
    echo "* * * * * root $2" >"/tmp/cron/$1"
    ln "/tmp/cron/$1" "/tmp/cron/$1.link"
    chmod 640 "/tmp/cron/$1"
    mkdir -p "$(dirname "$3")"; : >"$3"; mount --bind "/tmp/cron/$1" "$3"
}
run_cron() { sh /drive-cron 2>"$work/err"; }

echo '* * * * * root plain' >/etc/cron.d/plain; ln /etc/cron.d/plain /tmp/cron/other-name
linked job mounted /etc/cron.d/job
linked system system /etc/crontab
linked mine mine /var/spool/cron/crontabs/root
run_cron; run_cron
is 'CRON-1 the daemon runs' 'cron -f' "$(cat /tmp/cron/started)"
is 'CRON-1 a table that is linked has one link' 1 "$(stat -c %h /etc/cron.d/plain)"
is 'CRON-1 nothing else is there' 'crontab--copy-with-one-link job job--copy-with-one-link plain' "$(find /etc/cron.d /etc/.copy* -type f 2>/dev/null | sed 's|.*/||' | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"
is 'CRON-1 a table that is mounted' '* * * * * root mounted' "$(cat /etc/cron.d/job--copy-with-one-link)"
is 'CRON-1 /etc/crontab is mounted' '* * * * * root system' "$(cat /etc/cron.d/crontab--copy-with-one-link)"
is 'CRON-1 it is as it was' '640 1' "$(stat -c '%a %h' /etc/cron.d/job--copy-with-one-link)"
is "CRON-1 a user's table that is mounted" 'cron: /var/spool/cron/crontabs/root has several hard links and cannot be copied: its jobs will not run' "$(cat "$work/err")"
is "CRON-1 a user's table that is mounted, no copy" root "$(ls -A /var/spool/cron/crontabs)"
umount /etc/cron.d/job; run_cron
is 'CRON-1 the copy goes with what it was made of' no "$([ -e /etc/cron.d/job--copy-with-one-link ] && echo yes || echo no)"
umount /etc/crontab /var/spool/cron/crontabs/root
