#!/bin/sh
# Makes the host keys that are missing, at each boot with sshd enabled; with -f they are all made anew, sshd enabled or
# not. An image holds none: whoever pulls it would know them.
set -u

# Whatever PATH the container is given, the system's own programs are found.
PATH=${PATH:+$PATH:}/usr/sbin:/usr/bin:/sbin:/bin

case "${1-}" in
-f) rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub ;;
*)
	if [ ! -e /etc/service/sshd/run ] || [ -e /etc/service/sshd/down ]; then
		exit 0
	fi
	;;
esac

# ssh-keygen ends well, and makes nothing, where it cannot write. The service says so, too, and stays down.
ssh-keygen -A >/dev/null
for key in /etc/ssh/ssh_host_*_key; do
	if [ -e "$key" ]; then
		exit 0
	fi
done
echo "sshd: no host keys can be made in /etc/ssh, which has to be writable; or mount keys there" >&2
# Nobody's boot fails for this; who asked for keys is told.
[ "${1-}" != -f ]
