#!/usr/bin/env bash
# public_headers_test.sh COMPILER: the check of the public headers passes a good header and finds each planted fault.
set -euo pipefail
compiler=$1
check=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/public_headers.sh
include=$(mktemp -d)
trap 'rm -rf "$include"' EXIT
mkdir "$include/chatapps"
header=$include/chatapps/planted.hpp
failures=0

# finds TEXT WORDS
finds() {
  local said
  printf '#pragma once\n%s\n' "$1" >"$header"
  if said=$("$check" "$include" "$compiler" 2>/dev/null) || [[ $said != *"$2"* ]]; then
    echo "a header with $1: expected '$2', got '$said'"
    failures=$((failures + 1))
  fi
}

printf '#pragma once\n#include <string>\ninline std::string name() { return {}; }\n' >"$header"
"$check" "$include" "$compiler"
finds 'inline std::string name() { return {}; }' 'planted.hpp alone does not compile'
finds 'inline int half(int whole, int) { long part = whole / 2; int whole = 0; return whole; }' 'planted.hpp alone does not compile'
finds 'inline int none(int unused) { return 0; }' 'planted.hpp alone does not compile'
finds 'inline int max() { return 0; }' 'a header among hostile macros does not compile'
finds 'enum class Level { ERROR };' 'a header among hostile macros does not compile'
[ "$failures" = 0 ]
