#!/usr/bin/env bash
# run.sh [--quick]: what the library costs beside its limit and its peers, in one table. Installs what is missing,
# builds in build/benchmark, runs what is compared side by side and takes medians. The figures are also in
# build/benchmark/*.json. Fails where something could not be run; a goal that is missed is shown.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/cmake/steps.sh"
. "$here/server.sh"
. "$here/instructions.sh"

# Rounds, each with each variant; calls of a round; hours that are simulated; seconds over the proxy.
rounds=9 calls=3000 many=20000 hours=3 seconds=600
[ "${1:-}" != --quick ] || { rounds=3 calls=1000 many=5000 hours=1 seconds=15; }

out=$root/build/benchmark
built=$out/static/tests/benchmark
samples=$out/samples.tsv
work=$(mktemp -d)
server_process=
trap '[ -z "$server_process" ] || { kill "$server_process" && wait "$server_process" || true; }; rm -rf "$work"' EXIT

build() {
  "$root/cmake/install-deps.sh" benchmark
  mkdir -p "$out"
  quietly "Configuring build/benchmark" configure "$root" "$out/static" -DCMAKE_BUILD_TYPE=Release -DCHATAPPS_BUILD_TESTS=ON
  quietly "Building" cmake --build "$out/static" --parallel "$(processors)" \
    --target chatapps_benchmarks chatapps_cli chatapps-sandbox
  quietly "Configuring the shared library" configure "$root" "$out/shared" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON \
    -DCHATAPPS_BUILD_TESTS=OFF -DCHATAPPS_BUILD_EXAMPLES=OFF
  quietly "Building it" cmake --build "$out/shared" --parallel "$(processors)" --target chatapps
}

# One processor for what is measured and one for the server, where there are two.
pin=() pin_server=()
pin_processes() {
  [ "$(processors)" -ge 2 ] && taskset -c 0,1 true 2>/dev/null || return 0
  pin=(taskset -c 0) pin_server=(taskset -c 1)
}

# note MEASURE VARIANT VALUE: fails where there is no value, or one that can not be.
note() {
  case $3 in '' | *[!0-9.e+]*) say "$1 of $2 was not measured" && return 1 ;; esac
  printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$samples"
}
# sample MEASURE VARIANT COMMAND...: what it prints, "NAME VALUE", becomes MEASURE.NAME.
sample() {
  local measure=$1 variant=$2 said name value
  shift 2
  said=$("$@")
  while read -r name value; do note "$measure.$name" "$variant" "$value"; done <<<"$said"
}

# one_call DO NAME... : DO NAME PROGRAM VARIANT for each way to make one call.
one_call() {
  "$@" limit "$built/one_call_libcurl" limit
  "$@" by-hand "$built/one_call_libcurl" by-hand
  "$@" chatapps "$built/one_call_chatapps" unpaced
  "$@" paced "$built/one_call_chatapps" paced
  "$@" new-handle "$built/one_call_libcurl" new-handle
  "$@" cpp-httplib "$built/one_call_httplib" -
  "$@" cpprestsdk "$built/one_call_cpprest" -
}
time_call() { sample call "$1" ${pin[@]+"${pin[@]}"} "$2" "$3" "$server_url" $calls; }
count_call() { note call.instructions "$1" "$(instructions_of_one 20 120 "$2" "$3" "$server_url" %)"; }

synchronous() {
  say "- One call after another"
  for ((round = 0; round < rounds; round++)); do one_call time_call; done
  sample call no-network "$built/one_call_chatapps" no-network http://127.0.0.1:1 1000
  say "- Instructions of a call"
  one_call count_call
}

decode() {
  say "- Decoding"
  local records own
  for records in 1 3 100; do
    own=$(instructions_of_one 10 60 "$built/decode_once" % $records)
    note decode_$records.instructions chatapps "$own"
    note decode_$records.instructions dom "$(instructions_of_one 10 60 "$built/decode_once" % $records dom)"
    sample decode_$records chatapps "$built/decode_once" 10 $records
    sample decode_$records dom "$built/decode_once" 10 $records dom
    [ $records = 1 ] || continue
    note machine.instructions chatapps $(($(instructions_of_one 20 120 "$built/lane_and_machine" %) - own))
    note without_network.instructions chatapps \
      $(($(instructions_of_one 20 120 "$built/one_call_chatapps" no-network http://127.0.0.1:1 %) - own))
  done
  "$built/decode_benchmark" --benchmark_format=csv --benchmark_repetitions=3 --benchmark_min_time=0.1 \
    --benchmark_enable_random_interleaving=true 2>/dev/null |
    sed -n -E 's#^"decodeBy(Tables|DocumentTree)/([0-9]+)",[0-9]+,[0-9.e+]+,([0-9.e+]+),ns.*#\1 \2 \3#p' >"$work/decode"
  while read -r way records nanoseconds; do
    [ "$way" = Tables ] && way=chatapps || way=dom
    note "decode_$records.ns" "$way" "$nanoseconds"
  done <"$work/decode"
}

in_flight() {
  say "- Many calls in flight"
  local number variant
  for ((round = 0; round < 2 * rounds - 1; round++)); do
    for number in 64 512; do
      for variant in limit by-hand threads; do
        sample many_$number $variant ${pin[@]+"${pin[@]}"} "$built/many_calls_libcurl" $variant "$server_url" $many $number
      done
      for variant in async bulk; do
        sample many_$number $variant ${pin[@]+"${pin[@]}"} "$built/many_calls_chatapps" $variant "$server_url" $many $number
      done
    done
  done
}

# CPU milliseconds of the command, run ten times.
cpu_milliseconds() {
  local TIMEFORMAT='%U %S'
  { time for i in 1 2 3 4 5 6 7 8 9 10; do "$@" >/dev/null; done; } 2>&1 | awk '{ print 100 * ($1 + $2) }'
}
program_start() {
  say "- The start of a program"
  local umid=dec02e44-c76f-4a0a-b69f-6ac2a4386eb9
  export CHATAPPS_API_KEY=benchmark-key CHATAPPS_BASE_URL=$server_url
  for ((round = 0; round < rounds; round++)); do
    note start.cpu_ms curl "$(cpu_milliseconds curl -sS -H 'Authorization: Bearer benchmark-key' "$server_url/api/v1/subaccounts/sub_account_id/messages/$umid")"
    note start.cpu_ms "chatapps get" "$(cpu_milliseconds "$out/static/bin/chatapps" get --pacing off --format json sub_account_id $umid)"
  done
}

connections() {
  say "- Connections over TLS"
  : >"$work/connections"
  "$built/one_call_chatapps" unpaced "$server_tls_url" 980 "$work/ca.pem" >/dev/null  # and 20 before
  local requests
  requests=$(wc -l <"$work/connections")
  [ "$requests" = 1000 ] || { say "$requests requests came" && return 1; }
  note tls.connections chatapps "$(grep -cx 1 "$work/connections")"
}

weight() {
  say "- The weight of the header, the size of the library"
  local said
  said=$("$here/header_weight.sh" "$root/include" "${CXX:-c++}") || true  # its exit code says whether the goal is met
  read -r ours _ _ std _ <<<"$said"
  note header.ms chatapps.hpp "$ours"
  note header.ms "std headers" "$std"
  strip -o "$work/library" "$out/shared/src/libchatapps.so"
  note library.bytes chatapps "$(wc -c <"$work/library")"
}


pacing_simulated() {
  say "- Pacing, simulated"
  "$built/pacing_simulation" $hours >"$out/pacing_simulation.txt" || true  # likewise
  awk '
    /^At 50 requests/ { exit }
    /^(LAN 0.2|regional 15 \+- 2 ms|WAN 80 \+- 20 ms) / && / (met|MISSED)$/ {
      network = tolower($1)
      for (i = NF; $i !~ /^[0-9.]+,$/; --i) { }
      used = $(i - 4); rejected = $(i - 2)
      if (!(network in least) || used < least[network]) least[network] = used
      if (!(network in most) || rejected > most[network]) most[network] = rejected
    }
    END { for (network in least) print network, least[network], most[network] }' "$out/pacing_simulation.txt" >"$work/pacing"
  while read -r network used rejected; do
    note "simulation.${network}_used" "worst window" "$used"
    note "simulation.${network}_429" "worst window" "$rejected"
  done <"$work/pacing"
}

pacing_real() {
  say "- Pacing over a proxy that delays, $seconds s"
  local network running=()
  for network in lan regional wan; do
    "$built/pacing_over_proxy" $seconds $network >"$out/pacing_over_proxy_$network.txt" &
    running+=($!)
  done
  for process in "${running[@]}"; do wait "$process"; done
  for network in lan regional wan; do
    read -r used rejected < <(awk '
      NR > 2 { sum += $3; windows++; requests += $2; rejected += $2 * $4 / 100 }
      END { printf "%.4f %.3f\n", sum / windows, 100 * rejected / requests }' "$out/pacing_over_proxy_$network.txt")
    note proxy.${network}_used "all windows" "$used"
    note proxy.${network}_429 "all windows" "$rejected"
  done
}

growth() {
  say "- How cost grows"
  local count
  {
    for count in 10 100 1000 10000 100000; do "$built/growth" waiting $count; done
    for count in 1 10 100 1000 10000 100000; do "$built/growth" lanes $count; done
    for count in 1 3 10 30 100 300 1000; do "$built/growth" records $count; done
  } >"$work/growth"
  { echo '[' && sed '$!s/$/,/' "$work/growth" && echo ']'; } >"$out/growth.json"
}

build
: >"$samples"
pin_processes
"$here/../support/certificates.sh" "$work"
start_server "$work" ${pin_server[@]+"${pin_server[@]}"}
synchronous
decode
in_flight
program_start
connections
weight
growth
pacing_simulated
pacing_real

LC_ALL=C sort -t "$(printf '\t')" -k1,1 -k2,2 -k3,3g "$samples" >"$work/sorted"
{
  echo
  sed 's/$/; /' "$built/versions.txt" | tr -d '\n'
  echo "$(PATH=$PATH:/usr/sbin nginx -v 2>&1 | sed 's/.*: //'); $(uname -sm), $(processors) processors"
  echo
  LC_ALL=C awk -v json="$out/results.json" -f "$here/table.awk" "$here/rows.txt" "$work/sorted"
} | tee "$out/table.md"
