#!/usr/bin/env bash
# layers.sh TREE: who may include whom, read from the #include lines of TREE/include and TREE/src.
# A file sees its own layer and those below. Layers of one height do not see each other.
set -euo pipefail
cd "$1"

find include src -type f \( -name '*.hpp' -o -name '*.cpp' \) -print | LC_ALL=C sort | xargs awk '
  BEGIN {
    height["testing"] = 5; height["client"] = 5
    height["bulk"] = 4; height["wait"] = 4; height["track"] = 4
    height["call"] = 3
    height["http"] = 2; height["decode"] = 2; height["pacing"] = 2; height["redis"] = 2; height["delivery"] = 2
    height["values"] = 1  # files of src/ itself: the public values and seams, and what they are made of
    height["public"] = 0
  }

  # The layer of a file as it stands in an include line: relative to src/, or public.
  function layer(path, parts) {
    if (path ~ /^chatapps\//) return "public"
    if (split(path, parts, "/") > 1) return parts[1]
    sub(/\.[a-z]+$/, "", path)
    return path in height ? path : "values"
  }
  function parts_of(path, parts) { split(path, parts, "/"); return parts[1] }
  function bad(why) { print FILENAME ":" FNR ": " why ": " $0; failed = 1 }

  FNR == 1 {
    isPublic = FILENAME ~ /^include\//
    name = FILENAME
    sub(/^src\//, "", name)
    from = isPublic ? "public" : layer(name)
    if (!(from in height)) bad("a folder that has no place among the layers, " from)
  }
  /^[ \t]*#[ \t]*include/ {
    target = $0
    sub(/^[^<"]*[<"]/, "", target)
    sub(/[>"].*/, "", target)
    if (target ~ /^curl\// && from != "http") bad("only src/http includes curl")
    if (target ~ /^nlohmann\// && from != "decode") bad("only src/decode includes nlohmann")
    if (target ~ /^(hiredis|openssl)\// && from != "redis") bad("only src/redis includes " parts_of(target))
    if (isPublic) {
      if (target ~ /^chatapps\/testing\// && FILENAME !~ /\/testing\//) bad("the testing headers are optional")
      if (target !~ /^chatapps\// && target ~ /[\/.]/) bad("a public header sees std and chatapps only")
      next
    }
    if ($0 ~ /</) next
    to = layer(target)
    if (!(to in height)) bad("a folder that has no place among the layers, " to)
    else if (to != from && height[to] >= height[from]) bad(from " does not see " to)
  }
  END { exit failed }'
