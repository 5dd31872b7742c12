#!/bin/sh
set -e
nginx -t -q
exec /usr/sbin/nginx
