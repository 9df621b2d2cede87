#!/usr/bin/env bash
# check-compilers.sh [COMPILER...]: do the library, its programs and its headers compile without a warning with each of
# these, syntax only? Default: every g++ and clang++ that is here with a version in its name, as Debian installs them.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/cmake/steps.sh"
cd "$root"

if [ $# -gt 0 ]; then
  compilers=("$@")
else
  mapfile -t compilers < <(compgen -c | grep -xE '(g\+\+|clang\+\+)-[0-9]+' | sort -u)
fi
[ ${#compilers[@]} -gt 0 ] || { say "no compiler" && exit 2; }

mapfile -t files < <(find src examples -name '*.cpp' -not -path 'src/redis/*' -not -name coroutine.cpp | LC_ALL=C sort)
flags=(-std=c++17 -fsyntax-only -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -DCHATAPPS_STATIC
  -I include -I src -I examples/chatapps -I examples/chatapps-sandbox)
failed=0
for compiler in "${compilers[@]}"; do
  bad=$(printf '%s\n' "${files[@]}" | xargs -P "$(processors)" -I{} sh -c '"$@" >/dev/null 2>&1 || echo {}' - "$compiler" "${flags[@]}" {})
  for standard in 17 20 23; do
    # "2b" is how older compilers spell 23.
    spelling=$standard
    [ $standard != 23 ] || "$compiler" -std=c++23 -fsyntax-only -x c++ /dev/null 2>/dev/null || spelling=2b
    "$compiler" "${flags[@]}" -std=c++$spelling -x c++ - <<<'#include "chatapps/chatapps.hpp"' || bad+=" chatapps.hpp in C++$standard"
  done
  if [ -z "$bad" ]; then
    say "$compiler: ${#files[@]} files compile"
  else
    say "$compiler: not $bad"
    failed=1
  fi
done
exit $failed
