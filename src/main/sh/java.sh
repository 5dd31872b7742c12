# shellcheck shell=sh
# Sourced by the launcher and by setup: finds a JDK.

# Prints the feature release (17, 21 …) of the Java installation in folder $1, or nothing.
java_release() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  while IFS='=' read -r key value; do
    if [ "$key" = JAVA_VERSION ]; then
      value=${value#\"}
      value=${value#1.}
      printf '%s\n' "${value%%[!0-9]*}"
      return 0
    fi
  done < "$1/release"
}

# Prints the home of a JDK 17 or newer: JAVA_HOME's, the one on the PATH, or an installed one.
find_java() {
  on_path=$(command -v java || true)
  [ -z "$on_path" ] || on_path=$(dirname -- "$(dirname -- "$(readlink -f -- "$on_path")")")
  for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*; do
    [ -x "$home/bin/javac" ] || continue
    release=$(java_release "$home")
    if [ -n "$release" ] && [ "$release" -ge 17 ]; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  return 1
}
