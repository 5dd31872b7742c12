#!/bin/bash
# postfix has no foreground mode, so start it and stay
trap "/usr/sbin/postfix stop" EXIT
service postfix start
sleep infinity
