#!/bin/bash
set -e
echo "$MAILNAME" > /etc/mailname
postconf -e "myhostname=$MAILNAME"
newaliases
