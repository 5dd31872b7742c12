ARG BASE=debian:12
FROM ${BASE}
# The distribution's own sources of runit with its patches, one of which lets sv look for services in /etc/service.
# The parts are asked for one by one: archives may lack the description of the package, and apt knows their digests.
RUN set -e; \
    find /etc/apt -name '*.list' -exec sed -i -E 's/^deb( .*)/&\ndeb-src\1/' '{}' +; \
    find /etc/apt -name '*.sources' -exec sed -i 's/^Types: deb$/& deb-src/' '{}' +; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends patch xz-utils; \
    mkdir -p /parts /runit /out; \
    cd /parts; \
    apt-get source --download-only --tar-only runit; \
    apt-get source --download-only --diff-only runit; \
    tar -x -C /runit --strip-components=1 -f runit_*.orig.tar.*; \
    tar -x -C /runit -f runit_*.debian.tar.*; \
    cd /runit; \
    sed '/^#/d; s/ .*//' debian/patches/series >/parts/series; \
    while read -r name; do patch -p1 <"debian/patches/$name"; done </parts/series; \
    cp runit-*/src/*.[ch] runit-*/src/*.h[12] debian/copyright /out/
