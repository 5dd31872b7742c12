#!/bin/sh
# Tells what apt would upgrade in images that have the same package sources as the one that this
# runs in: of each, the words of "apt-get -s dist-upgrade". Nothing is written outside of a folder.
#
# usage: sh apt.sh STATUS…    dpkg's status file of each image
set -u
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
work=$(mktemp -d)
mkdir -p "$work/lists/partial" "$work/archives/partial"

apt() {
  program=$1
  shift
  "$program" -o Dir::State::lists="$work/lists" -o Dir::Cache::archives="$work/archives" \
    -o Dir::Cache::pkgcache="$work/pkgcache.bin" -o Dir::Cache::srcpkgcache="$work/srcpkgcache.bin" \
    -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any -o Acquire::Languages=none \
    -o Acquire::GzipIndexes=false \
    -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 \
    -o APT::Get::Always-Include-Phased-Updates=true "$@"
}

apt apt-get -q update >"$work/update" 2>&1
echo "update $?"
# Not each failure is in the status of each release's apt, and what has failed may be had after all.
grep -E '^(W|E|N|Err|Ign|Get|Hit)[: ]' "$work/update" | tail -n 200 | sed 's/^/said /'
echo "lists $(find "$work/lists" -type f -name '*_Packages*' -size +0 | wc -l)"

apt apt-get update --print-uris 2>/dev/null |
  sed -n "s/^'\\([^']*\\)\\/InRelease' \\([^ ]*\\)InRelease .*/\\1 \\2/p" |
  while read -r base file; do
    for kind in InRelease Release; do
      # One without digests stays the same when indexes change.
      if grep -Eqs '^(MD5Sum|SHA1|SHA256|SHA512):' "$work/lists/$file$kind"; then
        echo "release $(sha256sum <"$work/lists/$file$kind" | cut -d' ' -f1) $base/$kind"
        continue 2
      fi
    done
    echo "release - $base/InRelease"
  done

# The same lists with nothing in them but what is installed somewhere: whether there is a newer
# version of anything is seen in them, too, and several times as quickly. Packages of which an image
# has the programs alone stand there without relations.
mkdir -p "$work/few/partial"
sed -n 's/^Package: //p' "$@" | sort -u >"$work/installed"
sed -n 's/^Programs-Of: //p' "$@" | sort -u >"$work/alone"
for list in "$work"/lists/*; do
  case $list in
    *Release) cp "$list" "$work/few/" ;;
    *_Packages)
      awk -v installed="$work/installed" -v alone="$work/alone" '
        BEGIN {
          RS = "\n"
          while ((getline name <installed) > 0) wanted["Package: " name] = 1
          while ((getline name <alone) > 0) bare["Package: " name] = 1
          RS = ""; FS = "\n"; ORS = "\n\n"
        }
        {
          for (i = 1; i <= NF; i++) {
            if ($i in bare) gsub(/\n(Pre-Depends|Depends|Conflicts|Breaks):[^\n]*/, "")
            else if (!($i in wanted)) continue
            print
            next
          }
        }' \
        "$list" >"$work/few/${list##*/}"
      ;;
  esac
done

# in_few STATUS COMMAND: what apt-get would do by these.
in_few() {
  apt apt-get -q -s -o Dir::State::status="$1" -o Dir::State::lists="$work/few" \
    -o Dir::Cache::pkgcache="$work/few.bin" -o Dir::Cache::srcpkgcache="$work/fewsrc.bin" "$2"
}

# is_newest STATUS COMMAND: whether apt sees nothing to do, and nothing that it would do if it could.
is_newest() {
  in_few "$1" "$2" 2>/dev/null |
    grep -Fxq '0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.'
}

# alone STATUS: a status of the packages of which an image has the programs alone. The ones that it
# has them in have another name, and no archive knows them.
alone() {
  awk '
    BEGIN { RS = ""; FS = "\n" }
    /\nStatus: [a-z]+ ok installed/ && /\nPrograms-Of: / {
      print "Status: install ok installed\nMaintainer: nobody\nDescription: programs alone"
      for (i = 1; i <= NF; i++) {
        if (sub(/^Programs-Of: /, "Package: ", $i) || $i ~ /^(Version|Architecture): /) print $i
      }
      print ""
    }' "$1"
}

number=0
for status; do
  alone "$status" >"$work/alone-$number"
  if is_newest "$status" dist-upgrade &&
    { [ ! -s "$work/alone-$number" ] || is_newest "$work/alone-$number" upgrade; }; then
    echo "image $number 0"
    number=$((number + 1))
    continue
  fi
  apt apt-get -q -s -o Dir::State::status="$status" dist-upgrade >"$work/out" 2>"$work/err"
  ended=$?
  if [ "$ended" -eq 0 ] && [ -s "$work/alone-$number" ]; then
    in_few "$work/alone-$number" upgrade >>"$work/out" 2>>"$work/err"
    ended=$?
  fi
  echo "image $number $ended"
  grep -E '^Inst ' "$work/out"
  grep -E '^E:' "$work/err" | sed 's/^/said /'
  sed -n 's/^Inst \([^ ]*\) \[\([^]]*\)\] .*/\1 \2/p' "$work/out" >"$work/upgraded"
  # The newest version may be of another pocket, and one between it and the installed one of that
  # for security.
  if [ -s "$work/upgraded" ]; then
    # shellcheck disable=SC2046 # names of packages have no spaces
    apt apt-cache -o Dir::State::status="$status" madison $(cut -d' ' -f1 "$work/upgraded") |
      while IFS='| ' read -r name version _ suite _; do
        case $suite in
          *-security/* | */updates/*)
            old=$(awk -v name="$name" '$1 == name { print $2; exit }' "$work/upgraded")
            if dpkg --compare-versions "$version" gt "$old"; then echo "security $name"; fi
            ;;
        esac
      done
  fi
  number=$((number + 1))
done
rm -rf "$work"
echo end
