#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests. Arguments go to ctest, such as: tests/run.sh -R Lane
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/cmake/steps.sh"
export PATH="$PATH:/usr/sbin:/sbin"  # nginx and ip are there for everyone, but not in everyone's PATH

build=$root/build/default
"$root/cmake/install-deps.sh" tests
configure_default "$root" -DCHATAPPS_BUILD_TESTS=ON -DCHATAPPS_WITH_REDIS=ON
quietly "Building" cmake --build "$build" --parallel "$(processors)"
say "- Running the tests"
ctest --test-dir "$build" --output-on-failure --parallel "$(processors)" --progress "$@"
"$root/tests/checks/canary.sh" "$build"
