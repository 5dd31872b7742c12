# Gives login shells the container's environment; only root and members of docker_env may read it.
# Where /etc is read-only, my_init leaves it under /run.
if [ -r /run/container_environment.sh ]; then
	# shellcheck source=/dev/null
	. /run/container_environment.sh
elif [ -r /etc/container_environment.sh ]; then
	# shellcheck source=/dev/null
	. /etc/container_environment.sh
fi
