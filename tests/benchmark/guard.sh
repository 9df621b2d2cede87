#!/usr/bin/env bash
# guard.sh VERSIONS PROGRAM RECORD [record]: what a call costs now is within 3 % of what RECORD says, in instructions of
# the process and in allocations. Neither depends on the clock or on what else the machine does. They do depend on the
# compiler and the libraries: with others than RECORD names, or without valgrind, the exit code is 77, "not run".
# RECORD names what is measured. With `record`, its figures are written anew.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
versions=$1 program=$2 record=$3 renew=${4:-}
. "$here/server.sh"
. "$here/instructions.sh"

not_run() {
  echo "NOT RUN: $1"
  exit 77
}
command -v valgrind >/dev/null || not_run "there is no valgrind"
is_figure='^(instructions|allocations) '
if [ -z "$renew" ] && ! differs=$(diff <(grep -Ev "^#|$is_figure" "$record") "$versions"); then
  not_run "the figures of $record are of another compiler, build type or library (<) than these (>):
$differs"
fi

work=$(mktemp -d)
server_process=
trap '[ -z "$server_process" ] || { kill "$server_process" && wait "$server_process" || true; }; rm -rf "$work"' EXIT
start_server "$work"

grep -E "$is_figure" "$record" | while read -r what variant was; do
  case $what in
    instructions) now=$(instructions_of_one 30 130 "$program" "$variant" "$server_url" %) ;;
    allocations) now=$("$program" "$variant" "$server_url" 200 | awk '$1 == "allocations" { print $2 }') ;;
  esac
  echo "$what $variant $was $now"
done >"$work/figures"
[ -s "$work/figures" ]

if [ -n "$renew" ]; then
  { grep '^#' "$record" || true; cat "$versions" && awk '{ print $1, $2, $4 }' "$work/figures"; } >"$work/record"
  cat "$work/record" >"$record"
  exit
fi
awk '
  {
    change = $3 > 0 ? 100 * ($4 / $3 - 1) : 100
    outside = change > 3 || change < -3
    printf "%s of a call, %s: %s, recorded %s, %+.2f %%%s\n", $1, $2, $4, $3, change, outside ? ": OUTSIDE 3 %" : ""
    failed = failed || outside
  }
  END {
    if (failed) print "Where the change is meant, record it: see docs/performance.md"
    exit failed
  }' "$work/figures"
