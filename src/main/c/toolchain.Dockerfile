ARG BASE=debian:12
FROM ${BASE}
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc libc6-dev make musl-tools \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*
# The architecture to compile for where it is not the machine's own. Its C library is only unpacked: apt would install
# that architecture's programs with it.
ARG FOREIGN=
RUN set -e; \
    case $FOREIGN in \
    '') exit ;; \
    arm64) compiler=gcc-aarch64-linux-gnu ;; \
    amd64) compiler=gcc-x86-64-linux-gnu ;; \
    *) echo "no compiler for $FOREIGN is known"; exit 1 ;; \
    esac; \
    dpkg --add-architecture "$FOREIGN"; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$compiler"; \
    cd /tmp; \
    apt-get download "musl-dev:$FOREIGN"; \
    dpkg -x musl-dev_*.deb /; \
    apt-get clean; \
    rm -rf musl-dev_*.deb /var/lib/apt/lists/*
