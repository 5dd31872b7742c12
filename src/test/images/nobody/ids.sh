#!/bin/bash
# PUID and PGID say whose files these are
if [ -n "$PUID" ] && [ "$(id -u nobody)" != "$PUID" ]; then
    usermod -o -u "$PUID" nobody
    chown -R nobody /config
fi
if [ ! -e /config/player.conf ]; then
    echo "volume=11" > /config/player.conf
    chown nobody:users /config/player.conf
fi
