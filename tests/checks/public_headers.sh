#!/usr/bin/env bash
# public_headers.sh INCLUDE COMPILER: each public header compiles alone, without a warning, and all of them twice among the
# macros that windows.h, Qt and the C library are known for.
set -euo pipefail
include=$1 compiler=$2
cd "$include"
flags=(-fsyntax-only -x c++ -I . -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor -Werror)

# Standard headers are not made for these macros: those that ours include come first, whole.
standard_headers=$(grep -rhoE '^#include <[a-z_]+>' chatapps --exclude=coroutine.hpp | LC_ALL=C sort -u || true)
hostile_macros() {
  local name
  echo '#define min(a, b) ((a) < (b) ? (a) : (b))'
  echo '#define max(a, b) ((a) > (b) ? (a) : (b))'
  echo '#define major(device) ((device) >> 8)'
  echo '#define minor(device) ((device) & 255)'
  for name in ERROR NO_ERROR DELETE IN OUT OPTIONAL CONST VOID BOOL TRUE FALSE INFINITE IGNORE DOMAIN OVERFLOW STRICT \
    ABSOLUTE RELATIVE OPAQUE TRANSPARENT CALLBACK PASCAL near far small hyper interface emit slots signals foreach \
    GetMessage SendMessage PostMessage DispatchMessage CreateFile DeleteFile GetObject Yield unix linux; do
    echo "#define $name @"
  done
}

failed=0
# compiles TEXT STANDARD WHAT
compiles() {
  "$compiler" -std="$2" "${flags[@]}" - <<<"$1" || {
    echo "$3 does not compile"
    failed=1
  }
}
headers=$(find chatapps -name '*.hpp' -not -name coroutine.hpp | LC_ALL=C sort)
alone() { printf '#include "%s"\n' "$1"; }
twice() { for header in $1 $1; do alone "$header"; done; }

for header in $headers; do compiles "$(alone "$header")" c++17 "$header alone"; done
compiles "$(printf '%s\n' "$standard_headers" "$(hostile_macros)" "$(twice "$headers")")" c++17 'a header among hostile macros'
if [ -e chatapps/coroutine.hpp ]; then
  coroutine=chatapps/coroutine.hpp
  compiles "$(alone $coroutine)" c++20 "$coroutine alone"
  compiles "$(printf '%s\n' "$standard_headers" '#include <coroutine>' "$(hostile_macros)" "$(twice $coroutine)")" c++20 \
    "$coroutine among hostile macros"
fi
exit $failed
