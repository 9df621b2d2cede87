#!/usr/bin/env bash
# seeds.sh FOLDER: lays out what the fuzzers begin with, one file an input in FOLDER/TARGET: the lines of seeds/TARGET.txt
# with their escapes (\n, \0, \377) written out, and the published examples.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rm -rf "$1"
for list in "$here"/seeds/*.txt; do
  target=$1/$(basename "$list" .txt)
  mkdir -p "$target"
  number=0
  while IFS= read -r line; do
    number=$((number + 1))
    printf '%b' "$line" >"$target/seed-$number"
  done <"$list"
done
cp "$here"/../data/*.json "$1/message_details"
for body in "$here"/../data/error_*.json; do
  { printf '\1' && cat "$body"; } >"$1/error_body/$(basename "$body")"
done
cp "$here"/../../examples/scenarios/*.json "$1/scenario"
