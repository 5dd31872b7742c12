#!/bin/bash
set -eu
mkdir -p /var/lib/shop /var/log/stock
if [ "${WITH_RETURNS:-0}" = 1 ]; then
    rm -f /etc/service/returns/down
fi
date +%s > /etc/container_environment/SHOP_OPENED
