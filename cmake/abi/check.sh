#!/usr/bin/env bash
# check.sh [LIBRARY]: does a program that was built against the last release still run with this shared library? Compared
# with what lies beside this script. Without LIBRARY (which needs debug information) the tree is built first.
#   check.sh --renew [LIBRARY]   writes that anew: with a release that may break, or after additions
#   check.sh --with OLD LIBRARY  compares two libraries by abidiff, in full detail
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/cmake/steps.sh"
export LC_ALL=C

if [ "${1:-}" = --with ]; then
  exec abidiff --headers-dir1 "$root/include" --headers-dir2 "$root/include" --drop-private-types --no-added-syms "$2" "$3"
fi
renew=
[ "${1:-}" != --renew ] || { renew=1 && shift; }

if [ $# -gt 0 ]; then
  library=$1
else
  "$root/cmake/install-deps.sh" build
  "$root/cmake/install-deps.sh" abi
  quietly "Configuring build/abi" configure "$root" "$root/build/abi" -DBUILD_SHARED_LIBS=ON -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_FLAGS=-g -DCHATAPPS_BUILD_TESTS=OFF -DCHATAPPS_BUILD_EXAMPLES=OFF
  quietly "Building the shared library" cmake --build "$root/build/abi" --parallel "$(processors)" --target chatapps
  library=$root/build/abi/src/libchatapps.so
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The names that a program may be linked with: the same for every compiler of the platform.
symbols() { nm --dynamic --defined-only --no-demangle "$1" | cut -d ' ' -f 3 | sort; }
# The layout of the types that the public headers show. It is written as the compiler spells types.
types() {
  abidw --headers-dir "$root/include" --drop-private-types --no-show-locs "$1" >"$work/library.abi"
  grep -rhoE '^ *(class|struct|enum class) (CHATAPPS_EXPORT )?[A-Z][A-Za-z]*' "$root/include" | awk '{ print $NF }' | sort -u >"$work/public"
  awk -f "$here/types.awk" "$work/library.abi" "$work/library.abi" | sort -u | awk '
    NR == FNR { public[$1]; next }
    { outer = $0; sub(/^chatapps::/, "", outer); sub(/[^A-Za-z].*/, "", outer) }
    outer in public' "$work/public" -
}
compiler_of() {
  readelf --string-dump=.comment "$1" | sed -nE 's/.*GCC: \(.*\) ([0-9]+).*/GCC \1/p; s/.*clang version ([0-9]+).*/clang \1/p' | sort -u | head -n 1
}
has_types() { command -v abidw >/dev/null && readelf --sections --wide "$1" | grep -q '\.debug_info'; }

if [ -n "$renew" ]; then
  has_types "$library" || { say "This takes abidw (abigail-tools) and a library with debug information" && exit 1; }
  symbols "$library" >"$here/symbols.txt"
  types "$library" >"$here/types.txt"
  compiler_of "$library" >"$here/compiler.txt"
  say "- Renewed: what it shows in git is what changed; tell users in CHANGELOG.md"
  exit
fi

explain() {
  cat <<'END'

Programs that were built against the last release would break. If that is not meant, keep what is missing above: add
overloads instead of parameters, and new types instead of members (docs/abi.md). If it is meant, raise the minor version while
it is 0.x, the major one later, in include/chatapps/version.hpp, tell it in CHANGELOG.md, and run cmake/abi/check.sh --renew.
END
  exit 1
}
symbols "$library" >"$work/symbols"
gone=$(comm -23 "$here/symbols.txt" "$work/symbols")
[ -z "$gone" ] || { printf 'these names are gone:\n%s\n' "$(c++filt <<<"$gone")" && explain; }
say "- All $(wc -l <"$here/symbols.txt") names are there"

made_by=$(cat "$here/compiler.txt")
if ! has_types "$library"; then
  say "- Types were not compared: that takes abidw (abigail-tools) and debug information"
elif [ "$(compiler_of "$library")" != "$made_by" ]; then
  say "- Types were not compared: those here were written by $made_by, the library is from $(compiler_of "$library")"
else
  types "$library" >"$work/types"
  # A line that went or changed breaks; so does a new one of a type that was there, but for an enumerator.
  awk -F '[: ]' '{ print $3 }' "$here/types.txt" | sort -u >"$work/known"
  {
    comm -23 "$here/types.txt" "$work/types" | sed 's/^/- /'
    comm -13 "$here/types.txt" "$work/types" | awk '
      NR == FNR { known[$1]; next }
      { split($0, parts, /[: ]/) }
      parts[3] in known && !/ enumerator: / { print "+ " $0 }' "$work/known" -
  } >"$work/changes"
  [ ! -s "$work/changes" ] || { cat "$work/changes" && explain; }
  say "- All $(wc -l <"$here/types.txt") facts about types hold"
fi
