<#--
  The package layer of Debian and Ubuntu: one RUN. The macros below are its chapters; each writes lines of one
  POSIX shell program under "set -eu", and each line ends in a continuation. A command that may fail says so itself.
-->
<#import "common.ftl" as common>

<#macro packages of>
<#-- What is to be done for this layer: all of it on a base, or what is left to do on a layer below. -->
<#assign layer = of>
RUN set -eu; \
<@prepare/>
<#if layer.isFirst>
<@policies/>
<@sources/>
<#elseif isMainAlone()>
<@mainAlone/>
</#if>
<@install/>
<#if layer.isFirst>
<@runit/>
</#if>
<@locale/>
<@timezone/>
<#if layer.isFirst>
<@common.directories/>
</#if>
<@services/>
<@common.commands layer/>
<@clean/>
</#macro>

<#macro prepare>
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
</#macro>

<#macro policies>
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
<#if layer.isSnapshot>
        'Acquire::Check-Valid-Until "false";' \
</#if>
        'Dir::Cache::pkgcache "";' \
        'Dir::Cache::srcpkgcache "";' \
        'DPkg::Options { "--force-confdef"; "--force-confold"; };' \
        >/etc/apt/apt.conf.d/90baseimage; \
</#macro>

<#--
  Where packages come from; the distribution's own image names the archive that the release may have left, and a
  bootstrapped one may name an archive as it was at a time.
-->
<#macro sources>
<#if layer.mirror?has_content>
<#local address = "^(deb(-src)? +(\\[[^]]*\\] +)?|URIs: *)">
<#local time = "(/[0-9]{8}T[0-9]{6}Z)?">
    find /etc/apt '(' -name '*.list' -o -name '*.sources' ')' -exec sed -E -i \
        -e ${sh("s#" + address + "[^ ]+-security" + time + "/?( |$)#\\1" + layer.securityMirror + "\\5#;t")} \
        -e ${sh("s#" + address + "[^ ]+#\\1" + layer.mirror + "#")} '{}' +; \
</#if>
<#if layer.distribution == "ubuntu">
<@ubuntuPockets/>
</#if>
</#macro>

<#-- runit and syslog-ng are in universe; without the two pockets there is nothing to upgrade to. -->
<#macro ubuntuPockets>
    in_sources() { grep -Eqrs --include='*.list' --include='*.sources' "$1" /etc/apt; }; \
    if ! in_sources '^(deb |Components:).* universe'; then \
        find /etc/apt '(' -name '*.list' -o -name '*.sources' ')' \
            -exec sed -E -i '/^(deb |Components:)/s/ main/ main universe/' '{}' +; \
    fi; \
    if ! in_sources ${sh(layer.codename + "-updates")}; then \
        sed -E -i ${sh("s/^(deb .*) " + layer.codename + " (.*)$/&\\n\\1 " + layer.codename + "-updates \\2\\n\\1 " + layer.codename + "-security \\2/")} /etc/apt/sources.list; \
    fi; \
</#macro>

<#--
  What a locale and a time zone need is in main; the lists of the rest would be most of what is fetched. Where a line is
  for other components alone it goes; whatever else the lists say stays, and where that does not do, all of them are read.
-->
<#function isMainAlone>
  <#return layer.distribution == "ubuntu" && !layer.packages?has_content && !layer.run?has_content>
</#function>

<#macro mainAlone>
    cp -rL /etc/apt/sources.list* "$work"; \
    find "$work" -type f -exec sed -E -i -e '/^(deb |Components:)/!b' -e 's/ *#.*//; s/$/ /' -e ':more' \
        -e 's/ (universe|restricted|multiverse) / /; tmore' -e 's/ *$//' \
        -e 's/^Components:$/& main/; /^Components:/b' \
        -e '/^deb +(\[[^]]*\] +)?[^ ]+ +[^ ]*[^/ ]$/d' '{}' +; \
    printf 'Dir::Etc::%s "%s";\n' SourceList "$work/sources.list" SourceParts "$work/sources.list.d" \
        >/etc/apt/apt.conf.d/zz-build-main; \
    apt-get -q update && apt-get -q download --print-uris locales tzdata >/dev/null || \
        rm /etc/apt/apt.conf.d/zz-build-main; \
</#macro>

<#macro install>
<#if layer.isFirst || !isMainAlone()>
    apt-get -q update; \
<#else>
    [ -e /etc/apt/apt.conf.d/zz-build-main ] || apt-get -q update; \
</#if>
<#if layer.isFirst>
    apt-get -q dist-upgrade; \
</#if>
    cd "$work"; \
<#if isCompiled()>
    # The sources of one locale are in a package of 16 MB; compiled it takes 3, and stands alone in a directory. That
    # takes one processor a while, in which the other can install.
    { \
        apt-get -q download locales; \
        dpkg-deb -x locales_*.deb locales; \
        I18NPATH=$work/locales/usr/share/i18n localedef --no-archive \
            -i ${sh(layer.locale?keep_before("."))} -f ${sh(layer.locale?keep_after("."))} ${sh(layer.locale)}; \
    } & locale=$!; \
</#if>
    # Of the documentation of what is added here only the licences stay, and of syslog-ng not the tools for its
    # developers; packages installed later keep theirs.
    printf '%s\n' 'DPkg::Options { "--path-exclude=/usr/share/doc/*"; "--path-exclude=/usr/share/man/*";' \
        '"--path-include=/usr/share/doc/*/copyright"; "--path-exclude=/usr/bin/pdbtool"; "--path-exclude=/usr/bin/dqtool";' \
        '"--path-exclude=/usr/bin/loggen"; "--path-exclude=/usr/sbin/syslog-ng-debun"; };' \
        >>/etc/apt/apt.conf.d/zz-build; \
    : >"$work/begun"; \
<#list layer.packages as package>
<#local name = package?keep_before("=")>
<#if name?contains(".")>
    # To apt-get, a name with a dot that no package has is a pattern.
    apt-cache pkgnames | grep -Fxq ${sh(name)} || { echo ${sh("There is no package " + name)} >&2; exit 1; }; \
</#if>
</#list>
    set -- adduser<#if layer.services.syslog == "syslog-ng"> syslog-ng-core<#elseif layer.services.syslog == "rsyslog"> rsyslog</#if><#if layer.services.cron> cron</#if><#if layer.services.logrotate> logrotate</#if><#if layer.services.sshd> openssh-server</#if><#if layer.timezone?has_content && !common.isUtc(layer)> tzdata</#if><#if common.isChinese(layer)> iputils-ping vim-tiny</#if><#list layer.packages as package> ${sh(package)}</#list>; \
<#if layer.packages?seq_contains("software-properties-common")>
    # add-apt-repository is tied to a desktop's package service, and by that to systemd, a hundred megabytes of which
    # it uses nothing. An empty package stands in for them; the real ones can still be installed beside it.
    mkdir -p "$work/stand-in/DEBIAN"; \
    printf '%s\n' 'Package: baseimage-no-packagekit' 'Version: 1' 'Architecture: all' \
        'Maintainer: nobody <root@localhost>' 'Provides: packagekit, gir1.2-packagekitglib-1.0 (= 99), iso-codes' \
        'Description: stands in for what add-apt-repository does not use' >"$work/stand-in/DEBIAN/control"; \
    dpkg-deb -b "$work/stand-in" "$work/stand-in.deb" >/dev/null; \
    dpkg -i "$work/stand-in.deb"; \
</#if>
<#if layer.isFirst>
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
</#if>
<#if layer.services.cron>
    # Newer releases' cron wants a sysusers: the small one spares the image systemd, unless something else needs that.
    if apt-cache depends cron-daemon-common 2>/dev/null | grep -q systemd-standalone-sysusers; then \
        apt-get -q install "$@" systemd-standalone-sysusers || apt-get -q install "$@"; \
    else \
        apt-get -q install "$@"; \
    fi; \
<#else>
    apt-get -q install "$@"; \
</#if>
</#macro>

<#-- No variables of its own: those of the base are what its users know. -->
<#function defaults of>
  <#return {}>
</#function>

<#-- Services are what stands in /etc/service, which newer packages make a link into runit's own tree. -->
<#macro runit>
    if [ -L /etc/service ]; then rm /etc/service; fi; \
    mkdir -p /etc/service; \
</#macro>

<#function isCompiled>
  <#return layer.locale?has_content && !["C.UTF-8", "C.utf8", "C", "POSIX"]?seq_contains(layer.locale)>
</#function>

<#macro locale>
<#if isCompiled()>
    wait "$locale"; \
    # The package locales, installed later, makes anew what is listed here and removes everything else.
    echo ${sh(layer.locale + " " + layer.locale?keep_after("."))} >/etc/locale.gen; \
    if [ -d /var/lib/locales/supported.d ]; then cp /etc/locale.gen /var/lib/locales/supported.d/local; fi; \
</#if>
<#if layer.locale?has_content>
    echo ${sh("LANG=" + layer.locale)} >/etc/default/locale; \
</#if>
<#if common.isChinese(layer)>
    # All of vim is 40 MB. Installed later, it takes this one's place.
    update-alternatives --install /usr/bin/vim vim /usr/bin/vim.tiny 10; \
</#if>
</#macro>

<#macro timezone>
<#if layer.timezone?has_content>
<#local zone = common.isUtc(layer)?then("Etc/UTC", layer.timezone)>
<#if common.isUtc(layer)>
    if [ -e /usr/share/zoneinfo/Etc/UTC ]; then ln -snf /usr/share/zoneinfo/Etc/UTC /etc/localtime; fi; \
<#else>
    # Newer releases keep the old names of zones apart.
    if [ ! -f ${sh("/usr/share/zoneinfo/" + zone)} ] && apt-cache show tzdata-legacy >/dev/null 2>&1; then \
        apt-get -q install tzdata-legacy; \
    fi; \
    [ -f ${sh("/usr/share/zoneinfo/" + zone)} ] || { echo ${sh("There is no time zone " + zone)} >&2; exit 1; }; \
    ln -snf ${sh("/usr/share/zoneinfo/" + zone)} /etc/localtime; \
</#if>
    echo ${sh(zone)} >/etc/timezone; \
</#if>
</#macro>

<#macro services>
<#if layer.services.syslog == "syslog-ng">
    # The daemon reports its own figures every ten minutes, and what turns that off depends on its version.
    version=$(dpkg-query -W -f '<#noparse>${Version}</#noparse>' syslog-ng-core); \
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
</#if>
<#if layer.services.cron>
    # No container may set a login uid.
    sed -i 's/^session.*pam_loginuid/# &/' /etc/pam.d/cron; \
</#if>
<#if layer.services.sshd>
    # Keys only, no passwords; no container may set a login uid. Releases differ in the name of the second setting.
    for setting in PasswordAuthentication ChallengeResponseAuthentication KbdInteractiveAuthentication; do \
        sed -i -E "s/^#?($setting) .*/\1 no/" /etc/ssh/sshd_config; \
    done; \
    grep -q '^PasswordAuthentication no' /etc/ssh/sshd_config || sed -i '1i PasswordAuthentication no' /etc/ssh/sshd_config; \
    sed -i 's/^session.*pam_loginuid/# &/' /etc/pam.d/sshd; \
</#if>
<@common.supervision layer/>
    # Jobs that look after the package manager, the disks and lost+found have nothing to do here.
    (cd /etc && rm -f cron.d/e2scrub_all cron.d/mdadm cron.d/popularity-contest \
        cron.daily/apt cron.daily/apt-compat cron.daily/aptitude cron.daily/dpkg cron.daily/mdadm cron.daily/passwd \
        cron.daily/popularity-contest cron.daily/standard cron.daily/ubuntu-advantage-tools \
        cron.daily/update-notifier-common cron.weekly/fstrim cron.weekly/update-notifier-common); \
</#macro>

<#macro clean>
    cd /; \
    apt-get clean; \
    newest=$(sed -n 's/^Date: //p' /var/lib/apt/lists/*Release | while read -r date; do date -ud "$date" +%s; done | sort -n | tail -n 1); \
<@common.dated/>
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
</#macro>
