#!/bin/bash
logger -t chatty up
trap 'logger -t chatty "my last words"; exit 0' TERM
while true; do
    sleep 1 &
    wait $!
done
