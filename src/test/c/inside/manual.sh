# shellcheck shell=sh
# The man pages: well-formed, and of one mind with --help.
: "${work:?run by drive.sh, after lib.sh}"

# The words in capitals with an underscore, and the options: those of the page stand behind .TP.
words() { grep -oE '(^|[^a-z0-9A-Z_-])(--?[a-z][a-z-]*|[A-Z]+(_[A-Z]+)+)' | sed 's/^[^A-Za-z-]//' | sort -u; }

for program in my_init setuser install_clean container-ready; do
    page=/man/$program.8
    is "$program.8 is well-formed" '' "$(mandoc -T lint -W all "$page" 2>&1)"
    "$program" --help >"$work/help" 2>"$work/err"
    is "$program --help" 0 $?
    is "$program --help, the short form" "$(cat "$work/help")" "$("$program" -h)"
    sed 's/^Usage: .*//' "$work/help" | grep -E '^ +(-|[A-Z]+_)' | words >"$work/said"
    grep -A 1 '^\.TP' "$page" | sed 's/\\-/-/g' | words >"$work/written"
    is "$program.8 names what --help names" "$(cat "$work/said")" "$(cat "$work/written")"
    [ -s "$work/said" ] || no "$program --help names no option"
    grep -q "^\.TH $(echo "$program" | tr '[:lower:]' '[:upper:]') 8 " "$page"
    is "$program.8 has its name" 0 $?
done
