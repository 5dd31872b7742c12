#!/bin/bash
set -e
# a password per container, for all services
if [ -z "$APP_PASSWORD" ]; then
    head -c 12 /dev/urandom | base64 > /etc/container_environment/APP_PASSWORD
fi
rm -f /etc/container_environment/APP_SECRET_OF_THE_BOOT
