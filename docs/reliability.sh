#!/usr/bin/env bash
# Puts the table into docs/reliability.md: the promises of docs/reliability.txt, the tests of a build that name each row,
# and what became of them when they ran last.
#   docs/reliability.sh BUILD            after a run of all tests
#   docs/reliability.sh --check BUILD    changes nothing; fails when a row has no test, a test names a row that is none,
#                                        or the page's rows, promises and tests are not those of the build
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
check=no
[ "${1:-}" != --check ] || { check=yes && shift; }
build=${1:?the folder of a build}
page=$here/reliability.md
names=$(mktemp) table=$(mktemp) list=$(mktemp -d)
trap 'rm -rf "$names" "$table" "$table.page" "$list"' EXIT

# Lines "NAME<tab>RESULT" of all tests. Those that need a network namespace are one test to ctest.
log=$build/Testing/Temporary/LastTest.log
results() {
  echo  # never empty, which the readers below would take for the next file
  [ -e "$log" ] || return 0
  # To ctest a test that says why it was not run has passed.
  awk '/^[0-9]+\/[0-9]+ Test: / { sub(/^[0-9]+\/[0-9]+ Test: /, ""); sub(/  # .*/, ""); name = $0; ran = 1 }
       /^NOT RUN: |^\[  SKIPPED \]/ { ran = 0 }
       /^Test (Passed|Failed|timed out|Skipped|.*Not Run)/ {
         print name "\t" ($2 != "Passed." ? "FAILED" : ran ? "passed" : "not run")
       }' "$log"
}
{
  # In the build itself, ctest would write an empty log over that of the last run.
  printf 'subdirs("%s")\n' "$(cd "$build" && pwd)" >"$list/CTestTestfile.cmake"
  ctest --test-dir "$list" -N | sed -nE 's/  # .*//; s/^ *Test +#[0-9]+: //p'
  "$build/tests/chatapps_name_server_tests" --gtest_list_tests | awk '
    /^[^ ]/ { suite = $1 } /^ / { print suite $1 "\tname_server_faults" }'
} | awk -F '\t' -v OFS='\t' 'NR == FNR { result[$1] = $2; next } {
    as = $2 == "" ? $1 : $2
    print $1, as in result ? result[as] : "not run"
  }' <(results) - | { grep -E '[rR]ow[0-9][0-9]_' || true; } |
  sed -E $'s#^[^./]*/##; s#/[^\t]*\t#\t#' >"$names"  # without the names of parameters

# One line a row. Of a test with parameters the name counts once.
awk -F '\t' '
  NR == FNR {
    name = $1
    rest = name
    while (match(rest, /[rR]ow[0-9][0-9]_/)) {
      row = substr(rest, RSTART + 3, 2)
      rest = substr(rest, RSTART + RLENGTH)
      if (!((row, name) in seen)) tests[row] = tests[row] (tests[row] == "" ? "" : ", ") "`" name "`"
      seen[row, name] = 1
      named[row] = 1
      count[row]++
      results[row, $2]++
    }
    next
  }
  /^#/ || /^$/ { next }
  {
    split($0, part, / \| /)
    row = part[1] ""
    known = known " " row
    if (!(row in named)) { print "row " row " has no test" >"/dev/stderr"; failed = 1 }
    result = results[row, "FAILED"] ? "FAILED" : results[row, "passed"] == count[row] ? "passed" : "not run"
    printf "| %d | %s: %s | %s | %s |\n", row, part[2], part[3], tests[row], result
  }
  END {
    for (row in named) if (!index(known, " " row)) { print "row " row " is tested, but is none" >"/dev/stderr"; failed = 1 }
    exit failed
  }' <(echo && LC_ALL=C sort "$names") "$here/reliability.txt" >"$table"

withoutResults() { sed -nE '/^\| [0-9]+ \|/ s/ [^|]*\|$//p' "$1"; }
if [ $check = yes ]; then
  diff <(withoutResults "$page") <(withoutResults "$table") >/dev/null || {
    diff <(withoutResults "$page") <(withoutResults "$table") | cut -c1-160 | head -20 >&2
    echo "docs/reliability.md is not what its tests say; mend it with docs/reliability.sh BUILD" >&2
    exit 1
  }
  echo "$(wc -l <"$table") rows, $(wc -l <"$names") tests"
  exit
fi
awk -v table="$table" -v run="Results of the run of $(date -u -r "$log" +%Y-%m-%d 2>/dev/null || date -u +%Y-%m-%d)." '
  /^\| 1 \|/ { while ((getline line <table) > 0) print line }
  /^\| [0-9]+ \|/ { next }
  /^Results of the run of / { print run; next }
  { print }' "$page" >"$table.page"
cp "$table.page" "$page"
awk '/^\| [0-9]+ \|/ { rows++; passed += /\| passed \|$/ } END { print passed + 0 " of " rows " rows passed" }' "$page"
