# Rendered by baseimage-build from the variant amazonlinux-2017.03; edit that instead.
ARG BASE="amazonlinux:2017.03"
FROM ${BASE}

ENV "HOME"="/root" \
    "PS1"="[\\u@\\h] \\w \\\$ " \
    "TERM"="xterm" \
    "LC_CTYPE"="en_US.UTF-8" \
    LANG="en_US.UTF-8"
RUN set -eu; \
    # The locale that the environment names does not exist yet.
    export LC_ALL=C; \
    for manager in dnf microdnf yum; do if command -v "$manager" >/dev/null; then break; fi; done; \
    work=$(mktemp -d); \
    # Nothing is asked and nothing comes uncalled; documentation is left out here, but not of what is installed later.
    manage() { \
        verb=$1; \
        shift; \
        if [ "$manager" != yum ]; then set -- --setopt=install_weak_deps=0 "$@"; fi; \
        "$manager" "$verb" -y --setopt=tsflags=nodocs "$@"; \
    }; \
    is_available() { \
        if [ "$manager" = microdnf ]; then microdnf repoquery "$1" 2>/dev/null | grep -q .; \
        else "$manager" -q list available "$1" >/dev/null 2>&1; fi; \
    }; \
    # No package script starts a daemon, here or in images built on this one.
    mkdir -p /usr/lib/baseimage/no-start /etc/rpm; \
    printf '%s\n' '#!/bin/sh' '# Package scripts find this first: no init system runs whose daemons they could start or stop.' \
        'for word; do' '    case $word in' \
        '    enable | disable | preset | preset-all | mask | unmask | is-enabled)' \
        '        for real in /usr/bin/systemctl /bin/systemctl; do [ ! -x "$real" ] || exec "$real" "$@"; done ;;' \
        '    esac' 'done' >/usr/lib/baseimage/no-start/systemctl; \
    chmod 755 /usr/lib/baseimage/no-start/systemctl; \
    for program in service initctl start stop restart reload; do \
        ln -sf /bin/true "/usr/lib/baseimage/no-start/$program"; \
    done; \
    echo '%_install_script_path /usr/lib/baseimage/no-start:/sbin:/bin:/usr/sbin:/usr/bin' >/etc/rpm/macros.baseimage; \
    # Bases may keep one language of each package; the variant's comes along with what is installed from here on.
    find /etc/rpm /etc/yum.conf /etc/dnf/dnf.conf -type f -exec sed -E -i \
        '/^(%_install_langs|override_install_langs *=)/{/[ =:](all|en_US)/!s/ *$/:en_US/}' '{}' + 2>/dev/null || true; \
    # These releases flow into each other unless one is told to stay.
    if [ -e /etc/yum.conf ]; then \
        sed -i '/^releasever *=/d' /etc/yum.conf; \
        sed -i '/^\[main\]/a releasever=2017.03' /etc/yum.conf; \
    fi; \
    manage upgrade; \
    set -- psmisc tzdata rsyslog cronie logrotate; \
    # What the runtime's scripts call and newer bases leave out.
    for tool in groupadd:shadow-utils find:findutils gzip:gzip logger:util-linux; do \
        command -v "${tool%:*}" >/dev/null || set -- "$@" "${tool#*:}"; \
    done; \
    # A container is no laptop: daily jobs have their hour, and need no anacron.
    if is_available cronie-noanacron; then set -- "$@" cronie-noanacron; fi; \
    if [ $# -gt 0 ]; then manage install "$@"; fi; \
    # To yum it is no failure if only some of them exist.
    for package; do \
        rpm -q --quiet "$package" || rpm -q --quiet --whatprovides "$package" || \
            { echo "There is no package $package" >&2; exit 1; }; \
    done; \
    mkdir -p /etc/service; \
    # A release that is older than /run gets it: a file system in memory may be mounted there.
    if [ ! -L /var/run ]; then \
        mkdir -p /run; \
        cp -a /var/run/. /run/; \
        rm -rf /var/run; \
        ln -s ../run /var/run; \
    fi; \
    # The ids of the first user on the distribution's machines: files that are shared with those have the right owner.
    getent group ll-user >/dev/null || groupadd -g 500 ll-user; \
    getent passwd ll-user >/dev/null || useradd -l -m -u 500 -g 500 -s /bin/bash ll-user; \
    has_locale() { locale -a | grep -Eixq 'en_US\.utf-?8'; }; \
    if ! has_locale && is_available 'glibc-langpack-en'; then manage install 'glibc-langpack-en'; fi; \
    if ! has_locale; then \
        sources=; \
        if [ ! -e '/usr/share/i18n/locales/en_US' ]; then \
            if is_available glibc-locale-source; then sources=glibc-locale-source; manage install "$sources"; \
            else manage reinstall glibc-common; fi; \
        fi; \
        localedef --no-archive -i 'en_US' -f UTF-8 'en_US.UTF-8' || true; \
        # 16 MB that nobody needs any more.
        [ -z "$sources" ] || manage remove "$sources"; \
    fi; \
    has_locale || { echo 'This release has no locale en_US.UTF-8' >&2; exit 1; }; \
    if [ -e /etc/sysconfig/i18n ]; then echo 'LANG=en_US.UTF-8' >/etc/sysconfig/i18n; \
    else echo 'LANG=en_US.UTF-8' >/etc/locale.conf; fi; \
    [ -f '/usr/share/zoneinfo/UTC' ] || { echo 'There is no time zone UTC' >&2; exit 1; }; \
    ln -snf '../usr/share/zoneinfo/UTC' /etc/localtime; \
    # Where an update of the time zones asks for the name of this one.
    if [ -e /etc/sysconfig/clock ]; then sed -i 's#^ZONE=.*#ZONE="UTC"#' /etc/sysconfig/clock; fi; \
    getent group docker_env >/dev/null || groupadd -g 8377 docker_env; \
    mkdir -p /etc/my_init.d /etc/my_init.pre_shutdown.d /etc/my_init.post_shutdown.d; \
    install -d -m 0700 /etc/container_environment; \
    : >/etc/container_environment.sh; \
    echo '{}' >/etc/container_environment.json; \
    chown root:docker_env /etc/container_environment.sh /etc/container_environment.json; \
    chmod 0640 /etc/container_environment.sh /etc/container_environment.json; \
    # Where /sbin is not /usr/sbin, the runtime's programs have their old names too.
    if [ ! -L /sbin ]; then \
        for program in my_init setuser install_clean; do ln -sf "/usr/sbin/$program" "/sbin/$program"; done; \
    fi; \
    # The oldest daemon asks whose ways it shall follow: its own.
    mkdir -p /usr/lib/baseimage; \
    case $(rsyslogd -v) in 'rsyslogd 5.'*) echo 5 >/usr/lib/baseimage/rsyslog-version ;; esac; \
    # No container may set a login uid.
    sed -i 's/^session.*pam_loginuid/# &/' /etc/pam.d/crond; \
    # What runsv keeps about a service goes where it can be written when the rest of the file system cannot.
    for service in 'rsyslog' 'cron'; do \
        mkdir -p "/etc/service/$service"; \
        ln -sfn "/run/supervise.$service" "/etc/service/$service/supervise"; \
    done; \
    # Jobs that look after the package manager, the disks, the manual and the machine's start have nothing to do here.
    (cd /etc && rm -f cron.d/raid-check cron.d/update-motd cron.hourly/0yum-hourly.cron cron.daily/0yum-daily.cron \
        cron.daily/0yum.cron cron.daily/makewhatis.cron cron.daily/man-db.cron cron.daily/mlocate cron.daily/mlocate.cron \
        cron.daily/prelink cron.daily/readahead.cron cron.daily/yum-autoupdate cron.weekly/0yum-weekly.cron \
        cron.monthly/readahead-monthly.cron); \
    cd /; \
    newest=$(find /var/cache/yum /var/cache/dnf -name repomd.xml -exec sed -n 's/.*<timestamp>\([0-9]*\).*/\1/p' '{}' + 2>/dev/null | sort -n | tail -n 1); \
    "$manager" clean all; \
    if [ -n "$newest" ]; then mkdir -p /usr/lib/baseimage/package-lists; touch -d "@$newest" /usr/lib/baseimage/package-lists; fi; \
    # Compiled Python is the packages' own, unless a program has left it behind when it was run.
    find / -xdev -name __pycache__ -prune -exec sh -c \
        'for folder; do rpm -qf "$folder" >/dev/null 2>&1 || rm -rf "$folder"; done' sh '{}' +; \
    rm -rf "$work" /var/cache/yum /var/cache/dnf /var/cache/ldconfig/aux-cache /var/lib/yum/history /var/lib/yum/transaction-* \
        /var/lib/dnf/history.sqlite* /var/lib/rpm/__db.* /var/lib/systemd/random-seed /var/lib/dbus/machine-id \
        /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid- \
        /etc/ssh/ssh_host_* /root/.cache; \
    find /var/log -type f -size +0 ! -name lastlog ! -name faillog -delete; \
    find /tmp /var/tmp -mindepth 1 -delete; \
    if [ -e /etc/machine-id ]; then : >/etc/machine-id; fi

COPY rootfs/ /

CMD ["/sbin/my_init"]

ARG BASEIMAGE_CREATED="2020-01-01T00:00:00Z"
LABEL "org.opencontainers.image.title"="Amazon Linux 2017.03" \
    "org.opencontainers.image.created"="${BASEIMAGE_CREATED}"
