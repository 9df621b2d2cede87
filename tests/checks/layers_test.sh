#!/usr/bin/env bash
# layers_test.sh: the include-direction check passes a good tree and finds each planted violation.
set -euo pipefail
check=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/layers.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/include/chatapps/testing "$tree"/src/{call,http,decode,pacing,delivery,redis,testing}
failures=0

# put FILE LINE: a file with that one line.
put() { printf '%s\n' "$2" >"$tree/$1"; }
good() {
  put include/chatapps/client.hpp '#include <string>'
  put include/chatapps/testing/sandbox.hpp '#include "chatapps/client.hpp"'
  put src/client.cpp '#include "bulk.hpp"'
  put src/bulk.hpp '#include "call/flight.hpp"'
  put src/errors.cpp '#include "sleeper.hpp"'
  put src/sleeper.hpp '#include "chatapps/client.hpp"'
  put src/call/flight.hpp '#include "http/loop.hpp"'
  put src/http/loop.hpp '#include <curl/curl.h>'
  put src/decode/error_body.cpp '#include <nlohmann/json.hpp>'
  put src/pacing/lane.hpp '#include "sleeper.hpp"'
  put src/delivery/report.hpp '#include <poll.h>'
  put src/testing/sandbox.cpp '#include "decode/scenario.hpp"'
}
# finds FILE LINE WORDS
finds() {
  local said
  put "$1" "$2"
  if said=$("$check" "$tree") || [[ $said != "$1:1: $3"* ]]; then
    echo "$1 with $2: expected '$3', got '$said'"
    failures=$((failures + 1))
  fi
  good
}

good
"$check" "$tree"
finds src/call/flight.hpp '#include "bulk.hpp"' 'call does not see bulk'
finds src/bulk.hpp '#include "client.hpp"' 'bulk does not see client'
finds src/http/loop.hpp '#include "call/call.hpp"' 'http does not see call'
finds src/http/loop.hpp '#include "pacing/lane.hpp"' 'http does not see pacing'
finds src/pacing/lane.hpp '#include "decode/error_body.hpp"' 'pacing does not see decode'
finds src/delivery/report.hpp '  #  include "decode/error_body.hpp"' 'delivery does not see decode'
finds src/errors.cpp '#include "call/call.hpp"' 'values does not see call'
finds src/client.cpp '#include "testing/sandbox.hpp"' 'client does not see testing'
finds src/call/flight.hpp '#include "testing/clock.hpp"' 'call does not see testing'
finds src/call/flight.hpp '#include "utils/strings.hpp"' 'a folder that has no place among the layers, utils'
finds src/errors.cpp '#include <curl/curl.h>' 'only src/http includes curl'
finds src/testing/sandbox.cpp '#include <nlohmann/json.hpp>' 'only src/decode includes nlohmann'
finds src/pacing/lane.hpp '#include <hiredis/hiredis.h>' 'only src/redis includes hiredis'
finds src/http/loop.hpp '#include "redis/worker.hpp"' 'http does not see redis'
finds include/chatapps/client.hpp '#include <nlohmann/json_fwd.hpp>' 'only src/decode includes nlohmann'
finds include/chatapps/client.hpp '#include <sys/types.h>' 'a public header sees std and chatapps only'
finds include/chatapps/client.hpp '#include "chatapps/testing/sandbox.hpp"' 'the testing headers are optional'
[ "$failures" = 0 ]
