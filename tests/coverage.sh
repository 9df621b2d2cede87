#!/usr/bin/env bash
# coverage.sh [CTEST ARGUMENT...]: which lines and branches of src/ the tests reach, in build/coverage. Branches that only
# an exception takes are left out: each call that could run out of memory has one. Fails below 95 % of the lines or 85 %
# of the branches.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/cmake/steps.sh"
export PATH="$PATH:/usr/sbin:/sbin"

build=${CHATAPPS_COVERAGE_BUILD:-$root/build/coverage}
"$root/cmake/install-deps.sh" "build tests coverage"
quietly "Configuring ${build#"$root"/}" configure "$root" "$build" -DCMAKE_BUILD_TYPE=Debug -DCHATAPPS_BUILD_TESTS=ON \
  -DCHATAPPS_WITH_REDIS=ON -DCMAKE_CXX_FLAGS="--coverage -O0 -fprofile-update=atomic -fno-inline"
quietly "Building" cmake --build "$build" --parallel "$(processors)"
find "$build" -name '*.gcda' -delete
say "- Running the tests"
# What is built apart from the tests says nothing about the code that is built here.
ctest --test-dir "$build" --output-on-failure --progress --exclude-regex '^(consumers|checks|packaging)\.' "$@"
say "- Reading what they reached"
gcovr --root "$root" --filter "$root/src/" --filter "$root/include/" --object-directory "$build" --exclude-throw-branches \
  --exclude-unreachable-branches --html-details "$build/coverage.html" --txt "$build/coverage.txt" --print-summary \
  --fail-under-line 95 --fail-under-branch 85 "$build"
