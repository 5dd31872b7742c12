# shellcheck shell=sh
# What is not set here is set by the script that reads this file.
# shellcheck disable=SC2154
# What an image is before it runs: its folder of figures, its programs, its size.

# folder_of IMAGE: sets $at.
folder_of() {
  at=$work/images/$(printf '%s' "$1" | tr -c 'A-Za-z0-9.-' _)
  mkdir -p "$at"
}

# has_init IMAGE FOLDER: whether it can be measured; says so if it cannot.
has_init() {
  if ! docker image inspect "$1" >/dev/null 2>&1; then
    echo "$1: the engine has no such image; it is left out" >&2
    return 1
  fi
  container=$(docker create --entrypoint /sbin/my_init "$1")
  bytes_of "$container" /sbin/my_init >"$2/my_init"
  bytes_of "$container" /sbin/setuser >"$2/setuser"
  rm -f "$2/container-ready"
  for place in /usr/bin /usr/sbin /sbin /bin; do
    bytes_of "$container" "$place/container-ready" >>"$2/container-ready"
  done
  [ -s "$2/container-ready" ] || echo 'it has no container-ready' >"$2/ready.why"
  docker rm "$container" >/dev/null
  if [ ! -s "$2/my_init" ]; then
    echo "$1: it has no /sbin/my_init; it is left out" >&2
    return 1
  fi
  cat "$2/my_init" "$2/setuser" | awk '{ sum += $1 } END { printf "%.1f\n", sum / 1e3 }' \
    >"$2/programs"
}

# bytes_of CONTAINER PATH: the size of a file, links followed; nothing if there is none.
bytes_of() {
  if docker cp --follow-link "$1:$2" "$work/file" >/dev/null 2>&1; then
    wc -c <"$work/file"
    rm -rf "$work/file"
  fi
}

# layers IMAGE: its layers, lowest first, as one word.
layers() {
  docker image inspect --format '{{range .RootFS.Layers}}{{.}},{{end}}' "$1"
}

# sizes IMAGE FOLDER: what was added to the base, which is the image of this engine with the fewest
# of its layers.
sizes() {
  all=$(layers "$1")
  whole=$(docker image inspect --format '{{.Size}}' "$1")
  fewest=$all
  base=
  for candidate in $(docker images --quiet --no-trunc | sort -u); do
    lower=$(layers "$candidate")
    case $fewest in
      "$lower"?*) fewest=$lower base=$candidate ;;
    esac
  done
  if [ -z "$base" ]; then
    echo "its base is not on this engine; it has $((whole / 1000000)) MB in all" >"$2/added.why"
    return
  fi
  below=$(docker image inspect --format '{{.Size}}' "$base")
  echo "$whole $below" | awk '{ printf "%.1f\n", ($1 - $2) / 1e6 }' >"$2/added"
}
