# shellcheck shell=sh
# What is not set here is set by the script that reads this file.
# shellcheck disable=SC2154
# One life of a container: boot, idle, stop. It is first looked at half a second after its start, so
# that the looking costs a quick boot nothing.

# Seconds after which a boot that is not over is not measured.
BOOT_DEADLINE=30
# runit throttles what is younger than a second.
SETTLED=2

# Prints the time, then becomes my_init: the engine's own work is not in the boot's time.
START='date +%s%N; exec /sbin/my_init --quiet'
# The same, and another process asks container-ready until that succeeds, then prints the time.
START_ASKING='date +%s%N
(until container-ready >/dev/null 2>&1; do sleep 0.002; done; date +%s%N) 2>/dev/null &
exec /sbin/my_init --quiet'

# A line for each service that should be up, as runit keeps it in 20 bytes: the first 12 are the
# time at which it was started (TAI64N), the last is 1 while it runs.
# The container's shell expands it.
# shellcheck disable=SC2016
STATUSES='for s in /etc/service/*/; do
  [ -x "$s/run" ] && [ ! -e "$s/down" ] || continue
  od -An -v -tx1 "$s/supervise/status" 2>/dev/null | tr -d " \n"
  echo
done'

# life IMAGE FOLDER: appends to boot, pss, stop and ready.
life() {
  [ ! -e "$2/boot.why" ] || return 0
  start_one "$1" "$START"
  if await_services "$2"; then
    boot_time "$2"
    sleep "$SETTLED"
    memory "$2"
    timed "$2/stop" docker stop "$container"
    remove_one
    ready_time "$1" "$2"
  else
    remove_one
  fi
}

# A container that cannot be started is one whose services never come up.
start_one() {
  container=$(docker create --entrypoint /bin/sh "$1" -c "$2")
  trap 'remove_one; rm -rf "$work"' EXIT
  docker start "$container" >/dev/null || true
}

remove_one() {
  trap 'rm -rf "$work"' EXIT
  docker rm --force --volumes "$container" >/dev/null
}

await_services() {
  tries=0
  while [ "$tries" -lt $((BOOT_DEADLINE * 2)) ]; do
    sleep 0.5
    if [ "$(docker inspect --format '{{.State.Running}}' "$container")" != true ]; then
      break
    fi
    if docker exec "$container" /bin/sh -c "$STATUSES" >"$work/statuses" 2>"$work/log" &&
      [ -s "$work/statuses" ] && ! grep -qvE '^[0-9a-f]{38}01$' "$work/statuses"; then
      return 0
    fi
    tries=$((tries + 1))
  done
  for figure in boot pss stop ready; do
    echo "its services do not come up" \
      >"$1/$figure.why"
  done
  return 1
}

# The last service's start less the container's.
boot_time() {
  started=$(docker logs "$container" 2>/dev/null | head -n 1)
  last=0
  while read -r status; do
    # TAI64 labels count seconds from 2^62, and runit takes the clock to be 10 s behind it.
    seconds=$((0x$(printf %s "$status" | cut -c 1-16) - 4611686018427387914))
    nanoseconds=$((0x$(printf %s "$status" | cut -c 17-24)))
    at_that=$((seconds * 1000000000 + nanoseconds))
    [ "$at_that" -le "$last" ] || last=$at_that
  done <"$work/statuses"
  case $started in
    *[!0-9]* | '') echo 'its date tells no nanoseconds' >"$1/boot.why" ;;
    *) echo "$((last - started))" | awk '{ printf "%.1f\n", $1 / 1e6 }' >>"$1/boot" ;;
  esac
}

# Proportional set size of every process of the container, as the kernel counts it.
memory() {
  kilobytes=0
  for process in $(docker top "$container" -o pid | sed 1d); do
    # An engine on another machine tells of processes that are not this machine's.
    if ! grep -qs "$container" "/proc/$process/cgroup" || [ ! -r "/proc/$process/smaps_rollup" ]; then
      echo 'its processes cannot be seen in the /proc of this machine by this user' >"$1/pss.why"
      return
    fi
    kilobytes=$((kilobytes + $(awk '/^Pss:/ { print $2 }' "/proc/$process/smaps_rollup")))
  done
  echo "$kilobytes" | awk '{ printf "%.2f\n", $1 * 1024 / 1e6 }' >>"$1/pss"
}

# What container-ready itself says, where the image has it.
ready_time() {
  [ ! -e "$2/ready.why" ] || return 0
  start_one "$1" "$START_ASKING"
  tries=0
  while [ "$(docker logs "$container" 2>/dev/null | wc -l)" -lt 2 ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt $((BOOT_DEADLINE * 2)) ]; then
      echo "container-ready does not succeed within $BOOT_DEADLINE s" >"$2/ready.why"
      remove_one
      return
    fi
    sleep 0.5
  done
  docker logs "$container" 2>/dev/null | head -n 2 | paste -s - |
    awk '{ printf "%.1f\n", ($2 - $1) / 1e6 }' >>"$2/ready"
  remove_one
}
