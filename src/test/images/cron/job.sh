#!/bin/sh
echo "$(id -un): $ORIGIN, $TARGET"
logger -t job "done for $TARGET"
