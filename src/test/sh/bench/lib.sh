# shellcheck shell=sh
# What is not set here is set by the script that reads this file.
# shellcheck disable=SC2154
# What the measurements share: a clock, medians and a folder that goes when they are over.

root=$(cd -- "$folder/../../../.." && pwd -P)
toolkit=$root/baseimage-build
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# quietly COMMAND…: runs it; if it fails, shows what it said.
quietly() {
  "$@" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    echo "bench: failed: $*" >&2
    return 1
  }
}

# timed FILE COMMAND…: appends the command's time in milliseconds to the file.
timed() {
  file=$1
  shift
  begin=$(date +%s%N)
  quietly "$@" || return 1
  echo "$begin $(date +%s%N)" | awk '{ printf "%.1f\n", ($2 - $1) / 1e6 }' >>"$file"
}

median() {
  sort -n "$1" |
    awk '{ t[NR] = $1 } END { print NR % 2 ? t[(NR + 1) / 2] : (t[NR / 2] + t[NR / 2 + 1]) / 2 }'
}

spread() {
  sort -n "$1" | awk 'NR == 1 { low = $1 } { high = $1 } END { print low " to " high }'
}

# row NAME FILE: the times' median, spread and number.
row() {
  printf '%-52s %8s ms   (%s ms, %s runs)\n' "$1" "$(median "$2")" "$(spread "$2")" "$(wc -l <"$2")"
}

# differences FILE FILE: the first less the second, line by line.
differences() {
  paste "$1" "$2" | awk '{ printf "%.1f\n", $1 - $2 }'
}

# build_variant VARIANT: builds it, untested, as bench/baseimage:VARIANT.
build_variant() {
  quietly "$toolkit" build --variant "$1" --name bench/baseimage --no-test --output "$work/out-$1"
}
