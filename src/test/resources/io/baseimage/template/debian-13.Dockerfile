# Rendered by baseimage-build from the variant debian-13; edit that instead.
ARG BASE="debian:13"
FROM ${BASE}

ENV LANG="en_US.UTF-8"
RUN set -eu; \
    # The locale that the environment names does not exist yet.
    export DEBIAN_FRONTEND=noninteractive LC_ALL=C; \
    # For this step alone, and the last word on each: a cache, no sync to the disk, no translated descriptions.
    printf '%s\n' \
        'APT::Get::Assume-Yes "true";' \
        'APT::Install-Recommends "false";' \
        'APT::Sandbox::User "root";' \
        'APT::Update::Error-Mode "any";' \
        'Acquire::GzipIndexes "false";' \
        'Acquire::Languages "none";' \
        'Dir::Cache::pkgcache "pkgcache.bin";' \
        'Dir::Cache::srcpkgcache "srcpkgcache.bin";' \
        'DPkg::Options { "--force-unsafe-io"; };' \
        >/etc/apt/apt.conf.d/zz-build; \
    work=$(mktemp -d); \
    # No package script starts a daemon, here or in images built on this one.
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; \
    chmod 755 /usr/sbin/policy-rc.d; \
    if [ -e /sbin/initctl ] && [ ! -L /sbin/initctl ]; then \
        dpkg-divert --local --rename --add /sbin/initctl; \
        ln -s /bin/true /sbin/initctl; \
    fi; \
    # Nothing asks questions, everybody gets the same phase of an update, and apt keeps no copies of what it installed.
    echo 'debconf debconf/frontend select Noninteractive' | debconf-set-selections; \
    printf '%s\n' \
        'APT::Get::Always-Include-Phased-Updates "true";' \
        'Acquire::Retries "3";' \
        'APT::Keep-Downloaded-Packages "false";' \
        'Dir::Cache::pkgcache "";' \
        'Dir::Cache::srcpkgcache "";' \
        'DPkg::Options { "--force-confdef"; "--force-confold"; };' \
        >/etc/apt/apt.conf.d/90baseimage; \
    apt-get -q update; \
    apt-get -q dist-upgrade; \
    cd "$work"; \
    # The sources of one locale are in a package of 16 MB; compiled it takes 3, and stands alone in a directory. That
    # takes one processor a while, in which the other can install.
    { \
        apt-get -q download locales; \
        dpkg-deb -x locales_*.deb locales; \
        I18NPATH=$work/locales/usr/share/i18n localedef --no-archive \
            -i 'en_US' -f 'UTF-8' 'en_US.UTF-8'; \
    } & locale=$!; \
    # Of the documentation of what is added here only the licences stay, and of syslog-ng not the tools for its
    # developers; packages installed later keep theirs.
    printf '%s\n' 'DPkg::Options { "--path-exclude=/usr/share/doc/*"; "--path-exclude=/usr/share/man/*";' \
        '"--path-include=/usr/share/doc/*/copyright"; "--path-exclude=/usr/bin/pdbtool"; "--path-exclude=/usr/bin/dqtool";' \
        '"--path-exclude=/usr/bin/loggen"; "--path-exclude=/usr/sbin/syslog-ng-debun"; };' \
        >>/etc/apt/apt.conf.d/zz-build; \
    : >"$work/begun"; \
    set -- adduser syslog-ng-core cron logrotate; \
    # Newer releases tie runit to the whole of Perl, for a script that this image has no use for: there only its
    # programs are taken, in a package of their own. That says whose they are, for those who list what is in the image,
    # and makes way for the real one.
    if apt-cache show sysuser-helper 2>/dev/null | grep -q '^Depends:.*perl'; then \
        apt-get -q download runit; \
        dpkg-deb -x runit_*.deb runit; \
        mkdir -p programs/DEBIAN programs/usr/bin programs/usr/share/doc/runit; \
        cp -p runit/usr/bin/* programs/usr/bin/; \
        cp -p runit/usr/share/doc/runit/copyright programs/usr/share/doc/runit/; \
        { \
            echo 'Package: baseimage-runit'; \
            dpkg-deb -f runit_*.deb Source | grep -q . || echo 'Source: runit'; \
            dpkg-deb -f runit_*.deb Source Version Architecture Maintainer Section Priority Homepage; \
            dpkg-deb -f runit_*.deb Depends | tr ',' '\n' | sed -n 's/^ *lib/lib/p' | paste -sd, | sed -n 's/./Depends: &/p'; \
            printf '%s\n' 'Conflicts: runit' 'Replaces: runit' 'Programs-Of: runit' 'Description: the programs of runit alone'; \
        } >programs/DEBIAN/control; \
        dpkg-deb -b programs baseimage-runit.deb >/dev/null; \
        set -- "$@" "$work/baseimage-runit.deb"; \
    else \
        set -- "$@" runit; \
    fi; \
    # Newer releases' cron wants a sysusers: the small one spares the image systemd, unless something else needs that.
    if apt-cache depends cron-daemon-common 2>/dev/null | grep -q systemd-standalone-sysusers; then \
        apt-get -q install "$@" systemd-standalone-sysusers || apt-get -q install "$@"; \
    else \
        apt-get -q install "$@"; \
    fi; \
    if [ -L /etc/service ]; then rm /etc/service; fi; \
    mkdir -p /etc/service; \
    wait "$locale"; \
    # The package locales, installed later, makes anew what is listed here and removes everything else.
    echo 'en_US.UTF-8 UTF-8' >/etc/locale.gen; \
    if [ -d /var/lib/locales/supported.d ]; then cp /etc/locale.gen /var/lib/locales/supported.d/local; fi; \
    echo 'LANG=en_US.UTF-8' >/etc/default/locale; \
    if [ -e /usr/share/zoneinfo/Etc/UTC ]; then ln -snf /usr/share/zoneinfo/Etc/UTC /etc/localtime; fi; \
    echo 'Etc/UTC' >/etc/timezone; \
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
    # The daemon reports its own figures every ten minutes, and what turns that off depends on its version.
    version=$(dpkg-query -W -f '${Version}' syslog-ng-core); \
    mkdir -p /etc/syslog-ng/conf.d; \
    if dpkg --compare-versions "$version" ge 4; then stats='stats(freq(0))'; else stats='stats_freq(0)'; fi; \
    echo "options { $stats; };" >/etc/syslog-ng/conf.d/00-stats.conf; \
    # "@version: current" is younger than some releases: those are told their number.
    if dpkg --compare-versions "$version" lt 3.20; then \
        echo "$version" | cut -d. -f1,2 >/etc/syslog-ng/version; \
    fi; \
    # One release's package lacks a file that the daemon reads at every start, and complains about.
    fsm=/usr/share/syslog-ng/smart-multi-line.fsm; \
    if [ ! -e "$fsm" ] && dpkg --compare-versions "$version" ge 4; then \
        printf 'start_state\t/^$/\tstart_state\n' >"$fsm"; \
    fi; \
    # No container may set a login uid.
    sed -i 's/^session.*pam_loginuid/# &/' /etc/pam.d/cron; \
    # What runsv keeps about a service goes where it can be written when the rest of the file system cannot.
    for service in 'syslog-ng' 'cron'; do \
        mkdir -p "/etc/service/$service"; \
        ln -sfn "/run/supervise.$service" "/etc/service/$service/supervise"; \
    done; \
    # Jobs that look after the package manager, the disks and lost+found have nothing to do here.
    (cd /etc && rm -f cron.d/e2scrub_all cron.d/mdadm cron.d/popularity-contest \
        cron.daily/apt cron.daily/apt-compat cron.daily/aptitude cron.daily/dpkg cron.daily/mdadm cron.daily/passwd \
        cron.daily/popularity-contest cron.daily/standard cron.daily/ubuntu-advantage-tools \
        cron.daily/update-notifier-common cron.weekly/fstrim cron.weekly/update-notifier-common); \
    cd /; \
    apt-get clean; \
    newest=$(sed -n 's/^Date: //p' /var/lib/apt/lists/*Release | while read -r date; do date -ud "$date" +%s; done | sort -n | tail -n 1); \
    if [ -n "$newest" ]; then mkdir -p /usr/lib/baseimage/package-lists; touch -d "@$newest" /usr/lib/baseimage/package-lists; fi; \
    # Only who builds packages against a library asks for its list of symbols, and does without.
    find /var/lib/dpkg/info -name '*.symbols' -cnewer "$work/begun" -delete; \
    rm -rf "$work" /etc/apt/apt.conf.d/zz-build* /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/debconf/*-old /var/lib/dpkg/*-old \
        /var/backups/* /var/cache/ldconfig/aux-cache /var/lib/systemd/random-seed /var/lib/dbus/machine-id \
        /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid- /etc/apt/trusted.gpg~ \
        /etc/ssh/ssh_host_* /var/log/apt/* /var/log/dpkg.log /var/log/alternatives.log /var/log/bootstrap.log \
        /var/log/dmesg /var/log/fontconfig.log /var/log/fsck /root/.cache; \
    find /tmp /var/tmp -mindepth 1 -delete; \
    find / -xdev -name __pycache__ -prune -exec rm -rf '{}' +; \
    if [ -e /etc/machine-id ]; then : >/etc/machine-id; fi

COPY rootfs/ /

CMD ["/sbin/my_init"]

ARG BASEIMAGE_CREATED="2020-01-01T00:00:00Z"
LABEL "org.opencontainers.image.title"="Debian 13" \
    "org.opencontainers.image.created"="${BASEIMAGE_CREATED}"
