#!/usr/bin/env bash
# reliability_test.sh TREE: the check of docs/reliability.md finds a row without a test, a test of no row, and a page that
# is not what the tests say.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/docs" "$work/bin" "$work/build/tests"
cp "$1/docs/reliability.sh" "$work/docs"
printf '01 | a fault | a promise\n02 | another | another\n' >"$work/docs/reliability.txt"
printf 'Results of the run of 2020-01-01.\n\n| row | promise | tests | last result |\n|---|---|---|---|\n| 1 | | | |\n' \
  >"$work/docs/reliability.md"

# A build with the tests of its arguments.
tests() {
  {
    echo '#!/bin/sh'
    echo 'cat <<END'
    printf '  Test #1: %s\n' "$@"
    echo END
  } >"$work/bin/ctest"
  printf '#!/bin/sh\nprintf "Dns.\\n  row02_inANamespace\\n"\n' >"$work/build/tests/chatapps_name_server_tests"
  chmod +x "$work/bin/ctest" "$work/build/tests/chatapps_name_server_tests"
}
reliability() { PATH=$work/bin:$PATH "$work/docs/reliability.sh" "$@" >"$work/out" 2>&1; }
failed=0
expect() {  # WHAT COMMAND...
  local what=$1
  shift
  "$@" || { echo "$what" && cat "$work/out" && failed=1; }
}
fails() { ! "$@"; }

mkdir -p "$work/build/Testing/Temporary"
printf '1/1 Test: Faults/A.row01_b/x\nTest Passed.\n' >"$work/build/Testing/Temporary/LastTest.log"
tests Faults/A.row01_b/x Faults/A.row01_b/y
expect "the page is written" reliability "$work/build"
expect "a written page passes" reliability --check "$work/build"
expect "names and results are on it" grep -qF "| 1 | a fault: a promise | \`A.row01_b\` | not run |" "$work/docs/reliability.md"
printf '1/2 Test: Faults/A.row01_b/x\nTest Passed.\n2/2 Test: Faults/A.row01_b/y\nNOT RUN: cannot\nTest Passed.\n' \
  >"$work/build/Testing/Temporary/LastTest.log"
expect "the page is written again" reliability "$work/build"
expect "a test that says it was not run has not passed" grep -qF "| 1 | a fault: a promise | \`A.row01_b\` | not run |" "$work/docs/reliability.md"
printf '1/2 Test: Faults/A.row01_b/x\nTest Passed.\n2/2 Test: Faults/A.row01_b/y\nTest Passed.\n' \
  >"$work/build/Testing/Temporary/LastTest.log"
expect "results alone are no reason to fail" reliability --check "$work/build"
expect "the page is written anew" reliability "$work/build"
expect "what ran is told" grep -qF "\`A.row01_b\` | passed |" "$work/docs/reliability.md"
tests Another.test
expect "a row without a test is found" fails reliability --check "$work/build"
expect "and named" grep -q "row 01 has no test" "$work/out"
tests Faults/A.row01_b/x Faults/A.row03_c
expect "a test of no row is found" fails reliability --check "$work/build"
tests Faults/A.row01_b/x More.row01_c
expect "a test that is not on the page is found" fails reliability --check "$work/build"
tests Faults/A.row01_b/x
sed -i 's/a promise/another promise/' "$work/docs/reliability.txt"
expect "a promise that is not on the page is found" fails reliability --check "$work/build"
exit $failed
