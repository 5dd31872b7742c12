#!/bin/bash
umask 000
exec /sbin/setuser nobody bash -c '
    read_it() { . /config/player.conf; echo "playing as $(id -u):$(id -g), volume $volume"; }
    trap read_it HUP
    trap "echo stopped > /config/state; exit 0" TERM
    read_it
    while :; do sleep 0.1; done'
