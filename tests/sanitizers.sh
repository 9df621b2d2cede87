#!/usr/bin/env bash
# sanitizers.sh asan|tsan [CTEST ARGUMENT...]: builds everything with AddressSanitizer and UndefinedBehaviorSanitizer, or
# with ThreadSanitizer, in build/asan or build/tsan, and runs all tests that say something about the code under them.
# Takes an hour on two processors, so it is a job of its own in the workflow.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/cmake/steps.sh"
export PATH="$PATH:/usr/sbin:/sbin"

preset=${1:?asan or tsan}
shift
"$root/cmake/install-deps.sh" "build tests"
cd "$root"
quietly "Configuring build/$preset" cmake --preset "$preset" -DCHATAPPS_WITH_REDIS=ON
quietly "Building" cmake --build --preset "$preset" --parallel "$(processors)"
say "- Running the tests"
ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 \
  TSAN_OPTIONS=second_deadlock_stack=1:suppressions=$root/tests/tsan.txt \
  ctest --test-dir "build/$preset" --output-on-failure --progress "$@"
