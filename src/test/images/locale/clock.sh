#!/bin/bash
while true; do
    logger -t uhr "Grüße, es ist $(date -d 2017-03-01T12:00:00Z '+%A, %H:%M %Z')"
    sleep 2
done
