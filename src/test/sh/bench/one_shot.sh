# shellcheck shell=sh
# One-shot latency: docker run of my_init with a command that does nothing, over docker run of that
# command. Every run is a whole one, with docker's own share in both.

one_shot() {
  [ ! -e "$2/over.why" ] || return 0
  if timed "$2/floor" docker run --rm --entrypoint /bin/true "$1" &&
    timed "$2/init" docker run --rm --entrypoint /sbin/my_init "$1" --quiet -- true; then
    differences "$2/init" "$2/floor" >"$2/over"
  else
    rm -f "$2/floor" "$2/init" "$2/over"
    for figure in floor init over; do
      echo 'the command fails' >"$2/$figure.why"
    done
  fi
}
