#!/bin/sh
# Tells what dnf or yum would upgrade in the image that this runs in.
#
# usage: sh yum.sh
set -u
export LC_ALL=C
work=$(mktemp -d)
for manager in dnf microdnf yum; do
  if command -v "$manager" >/dev/null; then break; fi
done
# Where repositories are locked to the release of the image, newer ones are what it is compared with.
if [ "$manager" = dnf ]; then set -- --releasever=latest; else set --; fi

# check WHAT OPTION…: all that the manager says of what it has not got the newest version of.
check() {
  what=$1
  shift
  "$manager" -q --setopt='*.skip_if_unavailable=0' --setopt=skip_if_unavailable=0 "$@" check-update \
    >"$work/out" 2>"$work/err"
  echo "$what $?"
  sed 's/^/out /' "$work/out"
  tail -n 20 "$work/err" | sed 's/^/said /'
}

"$manager" -q clean expire-cache >/dev/null 2>&1
check update "$@"
"$manager" -q repolist 2>/dev/null | awk 'END { print "lists " NR }'
check security "$@" --security
rpm -qa --qf 'installed %{NAME}.%{ARCH} %|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\n'
rm -rf "$work"
echo end
