<#--
  Renders a variant to a Dockerfile: one RUN with the packages, one COPY with the runtime. A variant that only adds to
  another has the other's RUN first, byte for byte, so that an engine takes it from its cache.

  Every value goes through one of two functions, so that no value can break out of its place:
    sh(x)  one word for the shell of a RUN line
    df(x)  one word for LABEL, ENV and ARG, with no variable replaced in it
-->
<#import variant.family + ".ftl" as family>
ARG BASE=${df(base)}
FROM <#noparse>${BASE}</#noparse>
<#list layers as layer>

<#assign variables = family.defaults(layer) + layer.variables>
<#if variables?has_content>
ENV <#list variables as name, value><#if name?counter gt 1> \
    </#if><#if name == "LANG">LANG<#else>${df(name)}</#if>=${df(value)}</#list>
</#if>
<@family.packages layer/>
</#list>

COPY rootfs/ /

CMD ["/sbin/my_init"]

<#-- Labels come last: a new revision or date does not make the packages be installed again. -->
ARG BASEIMAGE_CREATED=${df(created)}
LABEL <#list labels as name, value>${df(name)}=${df(value)} \
    </#list>"org.opencontainers.image.created"=<#noparse>"${BASEIMAGE_CREATED}"</#noparse>
