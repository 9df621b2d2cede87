#!/usr/bin/env bash
# analysis.sh [--quick] [FILE...]: clang-tidy (.clang-tidy) and cppcheck over src/, include/ and examples/, or over these
# files alone. Any finding is a failure. Whole it takes a quarter of an hour on two processors, so it is a job of its own in
# the workflow; --quick, cppcheck alone, takes seconds and is one of the tests.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/cmake/steps.sh"
cd "$root"

quick=false
if [ "${1:-}" = --quick ]; then
  quick=true
  shift
fi
files=("$@")
[ $# -gt 0 ] || mapfile -t files < <(find src examples -name '*.cpp' | LC_ALL=C sort)
status=0

if ! $quick; then
  build=${CHATAPPS_ANALYSIS_BUILD:-$root/build/analysis}
  cmake/install-deps.sh "build tests analysis"
  # Without precompiled headers, which clang-tidy could not read.
  quietly "Configuring ${build#"$root"/}" configure "$root" "$build" -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DCHATAPPS_WITH_REDIS=ON -DCHATAPPS_BUILD_TESTS=OFF
  say "- clang-tidy"
  printf '%s\n' "${files[@]}" |
    xargs -P "$(processors)" -n 4 clang-tidy -p "$build" --quiet --warnings-as-errors='*' 2>/dev/null || status=1
fi

say "- cppcheck"
# passedByValue: it takes what is moved onwards for copied; clang-tidy knows better.
# returnStdMoveLocal: it takes a reference for a local; the compilers warn where there is one.
# cppcheckError: it gives up on a file where a duration such as 0us is compared.
# unknownMacro: it does not know googletest's.
# preprocessorErrorDirective: it knows no coroutines.
suppressed=(passedByValue returnStdMoveLocal cppcheckError unknownMacro missingIncludeSystem
  preprocessorErrorDirective:include/chatapps/coroutine.hpp)
cppcheck --quiet --error-exitcode=1 --std=c++20 --language=c++ --inline-suppr --enable=warning,performance,portability \
  -j "$(processors)" "${suppressed[@]/#/--suppress=}" -I include -I src -DCHATAPPS_STATIC "${files[@]}" || status=1
exit "$status"
