#!/bin/sh
set -e
# without a limit slapd takes memory for as many files as the host allows
ulimit -n 1024
exec /usr/sbin/slapd -h "ldap:/// ldapi:///" -u openldap -g openldap -d 0
