# shellcheck shell=sh
# What is not set here is set by the script that reads this file.
# shellcheck disable=SC2154
# Prints what was measured: a subject, and below it a line for each image.

# table SUBJECT UNIT TARGET NAME: the figures are in the file NAME of each image's folder; where an
# image has none, the file NAME.why says why.
table() {
  first=
  if [ "$3" = - ]; then echo "$1"; else echo "$1 (at most: $3 $2)"; fi
  for image in $measured; do
    folder_of "$image"
    if [ ! -s "$at/$4" ]; then
      printf '    %-40s not measured: %s\n' "$image" "$(cat "$at/$4.why")"
      continue
    fi
    figure=$(median "$at/$4")
    first=${first:-$figure}
    printf '    %-40s %8s %s  %6s' "$image" "$figure" "$2" "$(ratio "$figure" "$first")"
    runs=$(wc -l <"$at/$4")
    if [ "$runs" -gt 1 ]; then
      printf '   (%s, %s runs)' "$(spread "$at/$4")" "$runs"
    fi
    echo
  done
}

# ratio FIGURE FIGURE: the first as a multiple of the second.
ratio() {
  echo "$1 $2" | awk '{ if ($2 > 0) printf "%.2fx\n", $1 / $2; else print "-" }'
}
