#!/usr/bin/env bash
# Takes the defence of each row of the fault matrix out of the sources, one at a time, and shows that the row's tests
# notice. The defences stand in undefended.txt.
#   tests/undefended.sh FOLDER [ROW...]
#   tests/undefended.sh --check          only looks whether each expression still changes its file
# FOLDER gets a copy of the tree and a build of it, and is used again by the next run. Ends with 1 where a row still passes,
# and where its tests fail although nothing is missing: then they tell nothing.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [ "${1:-}" = --check ]; then
  code=0
  while IFS='|' read -r row file expression; do
    file=$root/src/${file// /}
    sed "${expression# }" "$file" | cmp -s - "$file" || continue
    echo "row ${row// /}: the expression changes nothing: $expression" && code=1
  done < <(grep -v '^#' "$root/tests/undefended.txt")
  exit $code
fi

folder=${1:?a folder for the copy and its build}
shift
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
tree=$folder/tree build=$folder/build
export PATH="$PATH:/usr/sbin:/sbin"
programs=(chatapps_{unit,integration,cli,torture,name_server,shared_pacing}_tests)

mkdir -p "$tree"
(cd "$root" && git ls-files -z | tar --null --ignore-failed-read -cf - -T -) | tar -C "$tree" --keep-newer-files -xf - 2>/dev/null || true
[ -e "$build/CMakeCache.txt" ] ||
  cmake -S "$tree" -B "$build" -DCMAKE_BUILD_TYPE=Debug -DCHATAPPS_BUILD_TESTS=ON -DCHATAPPS_WITH_REDIS=ON >"$folder/log"
build() { cmake --build "$build" --parallel "$(nproc)" --target "$@" </dev/null >"$folder/log" 2>&1; }
build_for() { local names && read -ra names <<<"${holders[$1]}" && build "${names[@]}"; }
binary() { find "$build/tests" -name "$1" -type f; }

build "${programs[@]}" || { tail -20 "$folder/log" && exit 1; }
declare -A holders  # the programs that hold tests of a row
for program in "${programs[@]}"; do
  for row in $("$(binary "$program")" --gtest_list_tests | grep -oE '[rR]ow[0-9]{2}_' | tr -dc '0-9\n' | sort -u); do
    holders[$row]+=" $program"
  done
done

# Whether a test of the row fails, or hangs. 77: it could not run.
fails_once() {
  local program
  for program in ${holders[$1]}; do
    local command=("$(binary "$program")" --gtest_fail_fast "--gtest_filter=*row$1_*:*Row$1_*")
    [ "$program" != chatapps_name_server_tests ] || command=("$tree/tests/support/dns_namespace.sh" "${command[@]}")
    code=0
    { timeout 120 "${command[@]}" </dev/null >"$folder/log" 2>&1; } 2>/dev/null || code=$?  # bash tells of signals
    [ "$code" = 0 ] || [ "$code" = 77 ] || return 0
  done
  return 1
}
# Twice, since a busy machine may be late once.
fails() { fails_once "$1" && { [ "$code" = 124 ] || fails_once "$1"; }; }
# What the log of such a test tells.
how() { sed -nE 's/^\[  FAILED  \] ([^ ,]+).* \([0-9]+ ms\)$/by \1/p' "$folder/log" | head -1 | grep . || echo "it hangs or dies"; }

wanted=${*:-[0-9]+}
chosen() { grep -E "^(${wanted// /|}) " "$root/tests/undefended.txt"; }
declare -A failing  # rows whose tests fail although nothing is missing, and how
for row in $(chosen | cut -d ' ' -f 1 | sort -u); do
  ! fails "$row" || failing[$row]=$(how)
done

ran=0 survived=0 unusable=0
taken=  # the file that lacks something
put_back() { [ -z "$taken" ] || cp "$folder/whole" "$taken" && taken=; }
trap put_back EXIT
while IFS='|' read -r row file expression; do
  row=${row// /} file=$tree/src/${file// /} expression=${expression# }
  cp "$file" "$folder/whole" && taken=$file
  sed -i "$expression" "$file"
  if [ -n "${failing[$row]:-}" ]; then
    echo "row $row: fails although nothing is missing: ${failing[$row]}" && unusable=$((unusable + 1))
  elif cmp -s "$file" "$folder/whole"; then
    echo "row $row: the expression changes nothing: $expression" && unusable=$((unusable + 1))
  elif ! build_for "$row"; then
    echo "row $row: does not compile without: $expression" && unusable=$((unusable + 1))
  else
    ran=$((ran + 1))
    if fails "$row"; then
      echo "row $row: noticed: $(how)"
    else
      echo "row $row: PASSES without its defence: $expression" && survived=$((survived + 1))
    fi
  fi
  put_back
done < <(chosen)
build "${programs[@]}" || true  # so that the next run begins with the whole sources
echo "$ran defences taken out, $survived not noticed, $unusable that could not be"
[ $survived = 0 ] && [ $unusable = 0 ]
