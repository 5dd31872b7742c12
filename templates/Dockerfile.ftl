<#--
  Renders a variant to a Dockerfile of two layers: one RUN (packages) and one COPY (the runtime).

  Every value goes through one of two functions, so that no value can break out of its place:
    sh(x)  one word for the shell of a RUN line
    df(x)  one word for LABEL, ENV and ARG, with no variable replaced in it
-->
<#import variant.family + ".ftl" as family>
ARG BASE=${df(base)}
FROM <#noparse>${BASE}</#noparse>

ENV LANG=${df(variant.locale)}<#list variant.environment as name, value> \
    ${df(name)}=${df(value)}</#list>

<@family.packages/>

COPY rootfs/ /

CMD ["/sbin/my_init"]

<#-- Labels come last: a new revision or date does not make the packages be installed again. -->
ARG BASEIMAGE_CREATED=${df(created)}
LABEL <#list labels as name, value>${df(name)}=${df(value)} \
    </#list>"org.opencontainers.image.created"=<#noparse>"${BASEIMAGE_CREATED}"</#noparse>
