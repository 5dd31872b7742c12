# shellcheck shell=sh
# What the tests of child images share. Each is run as NAME/test IMAGE, IMAGE being built from its folder.
set -eu

image=${1:?the image built from this folder}
container=
begun=
volumes=

show() {
  echo "--- $1: $(docker inspect --format '{{.State.Status}}, status {{.State.ExitCode}}' "$1")"
  docker logs --tail 40 "$1" 2>&1
  echo "--- its processes"
  docker top "$1" -eo pid,ppid,stat,args 2>&1 || true
  echo "--- the end of its /var/log/syslog"
  docker cp "$1:/var/log/syslog" - 2>/dev/null | tar -xO 2>/dev/null | tail -n 20 || true
}

end() {
  status=$?
  trap - EXIT
  for one in $begun; do
    [ "$status" -eq 0 ] || show "$one"
    docker rm --force --volumes "$one" >/dev/null
  done
  for one in $volumes; do docker volume rm "$one" >/dev/null; done
  exit "$status"
}
trap end EXIT
trap 'exit 130' HUP INT TERM

fail() {
  echo "FAILED: $*"
  exit 1
}

now() { echo $(($(date +%s%N) / 1000000)); }

# boots [OPTION of docker run…]: starts a container and waits until its services are up.
boots() {
  container=$(docker run --detach "$@" "$image")
  begun="$begun $container"
  eventually "the services are up" inside container-ready
}

volume() {
  volumes="$volumes $(docker volume create "$1")"
}

inside() {
  docker exec "$container" "$@" || {
    status=$?
    echo "status $status of: $*" >&2
    return "$status"
  }
}
shell() { inside sh -c "$1"; }
logs() { docker logs "$container" 2>&1; }

# eventually WHAT COMMAND…: until the command succeeds; $seen is what it said.
eventually() {
  what=$1
  shift
  deadline=$(($(now) + ${patience:-20} * 1000))
  until seen=$("$@" 2>&1); do
    [ "$(now)" -lt "$deadline" ] || fail "$what: not in ${patience:-20} s; last seen: $seen"
    sleep 0.2
  done
}

is() {
  [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

# holds WHAT PATTERN TEXT
holds() {
  printf '%s\n' "$3" | grep -Eq -e "$2" || fail "$1: no '$2' in: $3"
}

lacks() {
  ! printf '%s\n' "$3" | grep -Eq -e "$2" || fail "$1: '$2' in: $3"
}

# A file of the container, which may have ended.
file() { docker cp "$container:$1" - | tar -xO; }

in_file() { shell "cat '$2' 2>&1" | grep -E -e "$1"; }
in_logs() { logs | grep -E -e "$1"; }

# logged WHAT PATTERN: it is in docker logs and in /var/log/syslog.
logged() {
  eventually "$1 in /var/log/syslog" in_file "$2" /var/log/syslog
  eventually "$1 in docker logs" in_logs "$2"
}

# talks PORT TEXT: what a server in the container answers to the text, in which \r and \n are escaped.
talks() {
  # shellcheck disable=SC2016
  inside timeout 10 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" && printf "$1" >&3 && cat <&3' "$1" "$2"
}

# stops SECONDS: docker stop ends everything well, and in that time.
stops() {
  before=$(now)
  docker stop "$container" >/dev/null
  took=$(($(now) - before))
  is "the exit status after docker stop" 0 "$(docker inspect --format '{{.State.ExitCode}}' "$container")"
  [ "$took" -le $(($1 * 1000)) ] || fail "docker stop took $took ms, more than $1 s"
  end_of_it=$(docker logs --tail 30 "$container" 2>&1)
  holds "the end in docker logs" 'Shutting down runit daemon' "$end_of_it"
  lacks "the end in docker logs" 'is killed|killed are|gets TERM|did not end' "$end_of_it"
}
