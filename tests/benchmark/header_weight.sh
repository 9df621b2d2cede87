#!/usr/bin/env bash
# header_weight.sh INCLUDE COMPILER: chatapps.hpp costs at most 1.15 times the standard headers that it includes, in CPU
# time of the compiler. The fastest of interleaved runs are compared, and a busy machine gets more of them.
set -euo pipefail
include=$1 compiler=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo '#include <chatapps/chatapps.hpp>' >"$work/ours.cpp"
"$compiler" -std=c++17 -M -I "$include" "$work/ours.cpp" | tr -s ' \\' '\n' | grep '/chatapps/' |
  xargs grep -hoE '^#include <[a-z_]+>' | LC_ALL=C sort -u >"$work/std.cpp"

cpu_milliseconds() {
  local TIMEFORMAT='%U %S'
  { time "$compiler" -std=c++17 -fsyntax-only -I "$include" "$1"; } 2>&1 | awk '{ printf "%d", 1000 * ($1 + $2) }'
}
for ((run = 0; run < 100; run++)); do
  echo "$(cpu_milliseconds "$work/ours.cpp") $(cpu_milliseconds "$work/std.cpp")"
done | awk '
  NR == 1 { ours = $1; std = $2 }
  { if ($1 < ours) ours = $1; if ($2 < std) std = $2 }
  NR >= 10 && ours <= 1.15 * std { exit }
  END {
    printf "%d ms against %d ms: %.2f\n", ours, std, ours / std
    exit ours > 1.15 * std
  }'
