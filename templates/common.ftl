<#-- What the package layers of all families have in common; each is given the layer that is written. -->

<#function isUtc layer>
  <#return ["UTC", "Etc/UTC"]?seq_contains(layer.timezone)>
</#function>

<#-- What images for Chinese users have always had beside the language: vim and ping. -->
<#function isChinese layer>
  <#return layer.locale?starts_with("zh_CN")>
</#function>

<#-- The time of this folder is what the image says of its age, and no file that the build makes says of itself a later one. -->
<#macro dated>
    if [ -n "$newest" ]; then mkdir -p /usr/lib/baseimage/package-lists; touch -d "@$newest" /usr/lib/baseimage/package-lists; fi; \
</#macro>

<#macro directories>
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
</#macro>

<#-- The names under /etc/service that the runtime brings along. -->
<#function serviceNames services>
  <#local names = []>
  <#if services.syslog != "none"><#local names = names + [services.syslog]></#if>
  <#if services.cron><#local names = names + ["cron"]></#if>
  <#if services.sshd><#local names = names + ["sshd"]></#if>
  <#return names>
</#function>

<#macro supervision layer>
<#local names = serviceNames(layer.services)>
<#if names?has_content>
    # What runsv keeps about a service goes where it can be written when the rest of the file system cannot.
    for service in<#list names as name> ${sh(name)}</#list>; do \
        mkdir -p "/etc/service/$service"; \
        ln -sfn "/run/supervise.$service" "/etc/service/$service/supervise"; \
    done; \
</#if>
</#macro>

<#macro commands layer>
<#list layer.run as command>
    (cd / && exec env -u LC_ALL sh -euc ${sh(command?replace("\\n+$", "", "r"))}); \
</#list>
</#macro>
