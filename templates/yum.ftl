<#--
  The package layer of Amazon Linux: one RUN. The macros below are its chapters; each writes lines of one POSIX shell
  program under "set -eu", and each line ends in a continuation. A command that may fail says so itself.

  yum and its successors dnf and microdnf take the same words; the program asks which one the base has.
-->
<#import "common.ftl" as common>

<#macro packages of>
<#-- What is to be done for this layer: all of it on a base, or what is left to do on a layer below. -->
<#assign layer = of>
RUN set -eu; \
<@prepare/>
<#if layer.isFirst>
<@scripts/>
</#if>
<#if layer.locale?has_content>
<@languages/>
</#if>
<#if layer.isFirst>
<@upgrade/>
</#if>
<@install/>
<#if layer.isFirst>
<@places/>
<@users/>
</#if>
<#if layer.locale?has_content>
<@locale/>
</#if>
<#if layer.timezone?has_content>
<@timezone/>
</#if>
<#if layer.isFirst>
<@common.directories/>
</#if>
<@services/>
<@common.commands layer/>
<@clean/>
</#macro>

<#-- What images of this family have always had in their environment. -->
<#function defaults of>
  <#local variables = {}>
  <#if of.isFirst>
    <#local variables = {"HOME": "/root", "PS1": "[\\u@\\h] \\w \\$ ", "TERM": "xterm"}>
  </#if>
  <#if of.locale?has_content>
    <#local variables = variables + {"LC_CTYPE": of.locale}>
  </#if>
  <#return variables>
</#function>

<#-- Of "en_US.UTF-8": en, and en_US. -->
<#function language>
  <#return layer.locale?keep_before(".")?keep_before("_")>
</#function>
<#function territory>
  <#return layer.locale?keep_before(".")>
</#function>

<#macro prepare>
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
</#macro>

<#-- rpm has a search path for them: the place of apt's policy-rc.d. -->
<#macro scripts>
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
</#macro>

<#macro languages>
    # Bases may keep one language of each package; the variant's comes along with what is installed from here on.
    find /etc/rpm /etc/yum.conf /etc/dnf/dnf.conf -type f -exec sed -E -i \
        ${sh("/^(%_install_langs|override_install_langs *=)/{/[ =:](all|" + territory() + ")/!s/ *$/:" + territory() + "/}")} '{}' + 2>/dev/null || true; \
</#macro>

<#-- What "the newest of the release" means is not the same for all of them. -->
<#macro upgrade>
<#if layer.release?matches("20[0-9][0-9]\\.[0-9][0-9]")>
    # These releases flow into each other unless one is told to stay.
    if [ -e /etc/yum.conf ]; then \
        sed -i '/^releasever *=/d' /etc/yum.conf; \
        sed -i ${sh("/^\\[main\\]/a releasever=" + layer.release)} /etc/yum.conf; \
    fi; \
    manage upgrade; \
<#elseif layer.release?matches("20[0-9][0-9]")>
    # These releases keep to the state of the repositories that the base was made of, unless one asks for the latest.
    manage upgrade --releasever=latest; \
    if [ "$manager" = dnf ] && rpm -q --quiet curl-minimal; then \
        # What everybody installs is refused where the small one is, so it takes that one's place.
        manage install --allowerasing curl; \
    fi; \
<#else>
    manage upgrade; \
</#if>
</#macro>

<#macro install>
    set --<#if layer.isFirst> psmisc tzdata</#if><#if layer.services.syslog == "rsyslog"> rsyslog</#if><#if layer.services.cron> cronie</#if><#if layer.services.logrotate> logrotate</#if><#if layer.services.sshd> openssh-server openssh-clients</#if><#if common.isChinese(layer)> iputils vim-minimal</#if><#list layer.packages as package> ${sh(package?replace("=", "-"))}</#list>; \
<#if layer.isFirst>
    # What the runtime's scripts call and newer bases leave out.
    for tool in groupadd:shadow-utils find:findutils gzip:gzip logger:util-linux; do \
        command -v "<#noparse>${tool%:*}</#noparse>" >/dev/null || set -- "$@" "<#noparse>${tool#*:}</#noparse>"; \
    done; \
</#if>
<#if layer.services.cron>
    # A container is no laptop: daily jobs have their hour, and need no anacron.
    if is_available cronie-noanacron; then set -- "$@" cronie-noanacron; fi; \
</#if>
    if [ $# -gt 0 ]; then manage install "$@"; fi; \
    # To yum it is no failure if only some of them exist.
    for package; do \
        rpm -q --quiet "$package" || rpm -q --quiet --whatprovides "$package" || \
            { echo "There is no package $package" >&2; exit 1; }; \
    done; \
</#macro>

<#macro places>
    mkdir -p /etc/service; \
    # A release that is older than /run gets it: a file system in memory may be mounted there.
    if [ ! -L /var/run ]; then \
        mkdir -p /run; \
        cp -a /var/run/. /run/; \
        rm -rf /var/run; \
        ln -s ../run /var/run; \
    fi; \
</#macro>

<#macro users>
    # The ids of the first user on the distribution's machines: files that are shared with those have the right owner.
    getent group ll-user >/dev/null || groupadd -g 500 ll-user; \
    getent passwd ll-user >/dev/null || useradd -l -m -u 500 -g 500 -s /bin/bash ll-user; \
</#macro>

<#-- Newer releases have a package of each language; older ones have the sources of all. -->
<#macro locale>
    has_locale() { locale -a | grep -Eixq ${sh(territory()?replace(".", "\\.") + "\\.utf-?8")}; }; \
    if ! has_locale && is_available ${sh("glibc-langpack-" + language())}; then manage install ${sh("glibc-langpack-" + language())}; fi; \
    if ! has_locale; then \
        sources=; \
        if [ ! -e ${sh("/usr/share/i18n/locales/" + territory())} ]; then \
            if is_available glibc-locale-source; then sources=glibc-locale-source; manage install "$sources"; \
            else manage reinstall glibc-common; fi; \
        fi; \
        localedef --no-archive -i ${sh(territory())} -f UTF-8 ${sh(layer.locale)} || true; \
        # 16 MB that nobody needs any more.
        [ -z "$sources" ] || manage remove "$sources"; \
    fi; \
    has_locale || { echo ${sh("This release has no locale " + layer.locale)} >&2; exit 1; }; \
    if [ -e /etc/sysconfig/i18n ]; then echo ${sh("LANG=" + layer.locale)} >/etc/sysconfig/i18n; \
    else echo ${sh("LANG=" + layer.locale)} >/etc/locale.conf; fi; \
<#if common.isChinese(layer)>
    # All of vim is 40 MB. Installed later, it takes this one's place.
    [ -e /usr/bin/vim ] || ln -s vi /usr/bin/vim; \
</#if>
</#macro>

<#macro timezone>
<#local zone = common.isUtc(layer)?then("UTC", layer.timezone)>
    [ -f ${sh("/usr/share/zoneinfo/" + zone)} ] || { echo ${sh("There is no time zone " + zone)} >&2; exit 1; }; \
    ln -snf ${sh("../usr/share/zoneinfo/" + zone)} /etc/localtime; \
    # Where an update of the time zones asks for the name of this one.
    if [ -e /etc/sysconfig/clock ]; then sed -i ${sh("s#^ZONE=.*#ZONE=\"" + zone + "\"#")} /etc/sysconfig/clock; fi; \
</#macro>

<#macro services>
<#if layer.services.syslog == "rsyslog">
    # The oldest daemon asks whose ways it shall follow: its own.
    mkdir -p /usr/lib/baseimage; \
    case $(rsyslogd -v) in 'rsyslogd 5.'*) echo 5 >/usr/lib/baseimage/rsyslog-version ;; esac; \
</#if>
<#if layer.services.cron>
    # No container may set a login uid.
    sed -i 's/^session.*pam_loginuid/# &/' /etc/pam.d/crond; \
</#if>
<#if layer.services.sshd>
    # Keys only, no passwords; no container may set a login uid. The first word on a setting is the one that counts.
    sed -i -e '1i PasswordAuthentication no' -e '1i ChallengeResponseAuthentication no' \
        -e '1i PermitRootLogin without-password' /etc/ssh/sshd_config; \
    sed -i 's/^session.*pam_loginuid/# &/' /etc/pam.d/sshd; \
</#if>
<@common.supervision layer/>
    # Jobs that look after the package manager, the disks, the manual and the machine's start have nothing to do here.
    (cd /etc && rm -f cron.d/raid-check cron.d/update-motd cron.hourly/0yum-hourly.cron cron.daily/0yum-daily.cron \
        cron.daily/0yum.cron cron.daily/makewhatis.cron cron.daily/man-db.cron cron.daily/mlocate cron.daily/mlocate.cron \
        cron.daily/prelink cron.daily/readahead.cron cron.daily/yum-autoupdate cron.weekly/0yum-weekly.cron \
        cron.monthly/readahead-monthly.cron); \
</#macro>

<#macro clean>
    cd /; \
    newest=$(find /var/cache/yum /var/cache/dnf -name repomd.xml -exec sed -n 's/.*<timestamp>\([0-9]*\).*/\1/p' '{}' + 2>/dev/null | sort -n | tail -n 1); \
    "$manager" clean all; \
<@common.dated/>
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
</#macro>
