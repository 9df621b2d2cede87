#!/usr/bin/env bash
# abi_test.sh TREE COMPILER: cmake/abi/check.sh passes a library that only grew, and finds each planted change that breaks.
set -euo pipefail
tree=$1 compiler=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/cmake/abi" "$work/include/chatapps"
cp "$tree"/cmake/abi/{check.sh,types.awk} "$work/cmake/abi/"
cp "$tree/cmake/steps.sh" "$work/cmake/"
failures=0

# build MEMBERS VALUES MORE: a library with a type, an enumeration and what comes after them.
build() {
  printf 'namespace chatapps {\nenum class Mood { %s };\nstruct Planted {\n  virtual ~Planted();\n%s\n  Mood mood;\n};\nint use(const Planted&);\n%s\n}\n' \
    "$2" "$1" "$3" >"$work/include/chatapps/planted.hpp"
  printf '#include "chatapps/planted.hpp"\nnamespace chatapps {\nPlanted::~Planted() = default;\nint use(const Planted&) { return 0; }\n}\n' |
    "$compiler" -std=c++17 -g -shared -fPIC -I "$work/include" -x c++ -o "$work/library.so" -
}
check() { "$work/cmake/abi/check.sh" "$@" "$work/library.so" 2>&1; }
# finds WORDS: what was built breaks, and this is said.
finds() {
  local said
  if said=$(check) || [[ $said != *"$1"* ]]; then
    printf 'expected "%s", got\n%s\n' "$1" "$said"
    failures=$((failures + 1))
  fi
}

build '  int age;' 'Good, Bad' 'int more();'
check --renew
check
build '  int age;' 'Good, Bad, Mixed' 'struct Later { int x; }; inline int later(Later l) { return l.x; } int more();'
check
printf '%s\n' _ZN8chatapps4goneEv >>"$work/cmake/abi/symbols.txt"
LC_ALL=C sort -o "$work/cmake/abi/symbols.txt" "$work/cmake/abi/symbols.txt"
finds 'chatapps::gone()'
sed -i.before /gone/d "$work/cmake/abi/symbols.txt"
check
build '  long age;' 'Good, Bad' ''
finds '- chatapps::Planted member at 64: age, int'
build '  int age; virtual void turn() {}' 'Good, Bad' ''
finds 'chatapps::Planted virtual 2: turn'
build '  int age;' 'Bad, Good' ''
finds 'chatapps::Mood enumerator: Bad = 1'
[ "$failures" = 0 ]
