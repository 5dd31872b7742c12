#!/bin/sh
logger -t memcached "starting with ${MEMCACHED_MEMORY} MB"
# not as root!
exec /sbin/setuser memcache /usr/bin/memcached -vv -m "$MEMCACHED_MEMORY" >>/var/log/memcached.log 2>&1
