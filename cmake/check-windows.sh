#!/usr/bin/env bash
# check-windows.sh: do the public headers, and all sources that do not include curl, compile for Windows? With mingw-w64
# (Debian: g++-mingw-w64-x86-64-posix), syntax only. curl itself is not there for it, so src/http stays unseen; src/redis
# is for POSIX systems.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/cmake/steps.sh"
compiler=${1:-x86_64-w64-mingw32-g++-posix}
command -v "$compiler" >/dev/null || { say "$compiler is missing (Debian: g++-mingw-w64-x86-64-posix)" && exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# nlohmann/json is headers alone, the same for every system.
ln -s /usr/include/nlohmann "$work/nlohmann"
cd "$root"
flags=(-std=c++17 -fsyntax-only -Wall -Wextra -DCHATAPPS_STATIC -D_WIN32_WINNT=0x0A00 -I include -I src -isystem "$work")

check() {
  local file=$1 standard=()
  case $file in *coroutine.hpp) standard=(-std=c++20) ;; *redis_pacer.hpp) ;; esac
  if "$compiler" "${flags[@]}" ${standard[@]+"${standard[@]}"} -x c++ "$file" >"$work/log" 2>&1; then
    compiled=$((compiled + 1))
  elif grep -qE 'fatal error: (curl/curl|hiredis/[a-z_]+)\.h' "$work/log"; then
    skipped+=("$file")
  else
    failed+=("$file")
    grep -m 3 -E 'error' "$work/log" | sed 's/^/    /'
  fi
}
compiled=0 skipped=() failed=()
while read -r file; do
  check "$file"
done < <(find include src -name '*.hpp' -path 'include/*' -o -name '*.cpp' -not -path 'src/redis/*' | LC_ALL=C sort)

say "$compiled compile; ${#skipped[@]} include curl or hiredis; ${#failed[@]} do not compile"
[ ${#failed[@]} = 0 ] || printf 'does not compile for Windows: %s\n' "${failed[@]}"
[ ${#failed[@]} = 0 ]
