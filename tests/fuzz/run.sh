#!/usr/bin/env bash
# run.sh [SECONDS [TARGET...]]: installs what is missing, builds the fuzzers with AddressSanitizer and
# UndefinedBehaviorSanitizer, and runs each for so long (60 s), two at a time. Inputs that a fuzzer found worth keeping
# stay in build/fuzz/corpus for the next run; one that breaks a promise lands in build/fuzz/findings, with the fuzzer's
# words beside it, and the run fails. A finding becomes a unit test or a line of seeds/.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/cmake/steps.sh"

seconds=${1:-60}
build=${CHATAPPS_FUZZ_BUILD:-$root/build/fuzz}
"$root/cmake/install-deps.sh" "build tests fuzz"
quietly "Configuring ${build#"$root"/}" configure "$root" "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_CXX_COMPILER=clang++ -DCHATAPPS_WITH_REDIS=ON -DCHATAPPS_FUZZERS=ON -DCHATAPPS_BUILD_TESTS=ON \
  -DCMAKE_CXX_FLAGS="-O1 -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all -fno-omit-frame-pointer"
quietly "Building the fuzzers" cmake --build "$build" --target chatapps_fuzzers --parallel "$(processors)"
"$here/seeds.sh" "$build/seeds"
mkdir -p "$build/findings" "$build/logs"

# Ends quietly; its log tells how it went. No input above 4 KiB: what is found in large ones is found in small ones first.
fuzz() {
  local target=$1 seconds=$2 build=$3
  mkdir -p "$build/corpus/$target"
  "$build/fuzzers/fuzz_$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$build/findings/$target-" "$build/corpus/$target" "$build/seeds/$target" \
    >"$build/logs/$target" 2>&1 || cp "$build/logs/$target" "$build/findings/$target.log"
}
export -f fuzz

shift $(($# > 0 ? 1 : 0))
targets=("$@")
[ $# -gt 0 ] || for program in "$build"/fuzzers/fuzz_*; do targets+=("$(basename "$program" | sed 's/^fuzz_//')"); done
say "- Fuzzing ${#targets[@]} targets for $seconds s each"
rm -f "$build"/findings/*.log
printf '%s\n' "${targets[@]}" | xargs -P 2 -I{} bash -c 'fuzz "$@"' _ {} "$seconds" "$build"

failed=0
for target in "${targets[@]}"; do
  runs=$(awk '/stat::number_of_executed_units/ { print $2 }' "$build/logs/$target")
  if [ -e "$build/findings/$target.log" ]; then
    failed=1
    printf '%-16s FOUND: %s\n' "$target" "$(grep -m 1 -E 'promise does not hold|ERROR:|runtime error' "$build/logs/$target")"
  else
    printf '%-16s %12s runs, nothing found\n' "$target" "$runs"
  fi
done
exit "$failed"
