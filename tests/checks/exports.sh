#!/usr/bin/env bash
# exports.sh LIBRARY: what a shared library shows is chatapps:: alone, and it is below 400 KB stripped.
set -euo pipefail
library=$1
stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT

foreign=$(nm --dynamic --defined-only --demangle "$library" | cut -d ' ' -f 3- |
  grep -vE '^((typeinfo|typeinfo name|vtable|VTT) for )?chatapps::' || true)
strip -o "$stripped" "$library"
size=$(wc -c <"$stripped")
echo "$(nm --dynamic --defined-only "$library" | wc -l) symbols, $size bytes stripped"
if [ -n "$foreign" ]; then
  printf 'it also shows:\n%s\n' "$(head -n 20 <<<"$foreign")"
  exit 1
fi
[ "$size" -lt 400000 ]
