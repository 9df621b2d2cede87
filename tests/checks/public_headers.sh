#!/usr/bin/env bash
# public_headers.sh INCLUDE COMPILER: each public header compiles alone, without a warning, and among the macros that
# windows.h, Qt and the C library are known for.
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
while read -r header; do
  standard=c++17 first=$standard_headers
  case $header in
    */coroutine.hpp) standard=c++20 first=$(printf '%s\n' "$first" '#include <coroutine>') ;;
  esac
  line="#include \"$header\""
  compiles "$line" $standard "$header alone"
  compiles "$(printf '%s\n' "$first" "$(hostile_macros)" "$line" "$line")" $standard "$header among hostile macros"
done < <(find chatapps -name '*.hpp' | LC_ALL=C sort)
exit $failed
