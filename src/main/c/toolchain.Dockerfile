ARG BASE=debian:12
FROM ${BASE}
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc libc6-dev make musl-tools \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*
