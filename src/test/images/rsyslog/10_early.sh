#!/bin/sh
logger -t early "may get lost" || true
