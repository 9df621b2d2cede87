#!/usr/bin/env bash
# guard_test.sh VERSIONS PROGRAM: the guard is content with what was just recorded, and not with 4 % less or other
# versions.
set -euo pipefail
guard=$(dirname "${BASH_SOURCE[0]}")/guard.sh versions=$1 program=$2
command -v valgrind >/dev/null || { echo "NOT RUN: there is no valgrind" && exit 77; }
record=$(mktemp)
trap 'rm -f "$record" "$record".*' EXIT

printf '# What is measured\ninstructions no-network 0\n' >"$record"
"$guard" "$versions" "$program" "$record" record
cat "$record"

# expect EXIT_CODE RECORD
expect() {
  local code=0
  "$guard" "$versions" "$program" "$2" || code=$?
  [ $code = "$1" ] || { echo "exit code $code instead of $1" && exit 1; }
}
expect 0 "$record"
awk '$1 == "instructions" { $3 = int($3 / 1.04) } { print }' "$record" >"$record.less"
expect 1 "$record.less"
sed 's/^libcurl .*/libcurl 0.0.1/' "$record" >"$record.other"
expect 77 "$record.other"
