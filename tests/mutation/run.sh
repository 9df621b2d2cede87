#!/usr/bin/env bash
# run.sh [--sample N] [--seed S] [--minutes M] [--only PART] [--jobs J]: whether the unit tests notice small changes of the sources that
# decide who sends when. Builds what it needs in build/mutation; all changes take about an hour on two processors. What
# survives, and why, stands in docs/testing-of-the-tests.md.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/cmake/steps.sh"

build=${CHATAPPS_MUTATION_BUILD:-$root/build/mutation}
"$root/cmake/install-deps.sh" "build tests"
command -v ninja >/dev/null || { say "This takes ninja."; exit 1; }
# Without debug information and optimizing, and with gold where it is: a change is compiled and linked in seconds.
linker=()
! command -v ld.gold >/dev/null || linker=(-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=gold)
quietly "Configuring ${build#"$root"/}" configure "$root" "$build" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
  -DCHATAPPS_BUILD_TESTS=ON -DCMAKE_EXPORT_COMPILE_COMMANDS=ON ${linker[@]+"${linker[@]}"}
quietly "Building the unit tests" cmake --build "$build" --target chatapps_unit_tests --parallel "$(processors)"
exec python3 "$here/mutate.py" "$build" "$@"
