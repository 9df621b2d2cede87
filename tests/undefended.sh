#!/usr/bin/env bash
# Takes the defence of each row of the fault matrix out of the sources, one at a time, and shows that the row's integration
# tests notice. The defences stand in undefended.txt.
#   tests/undefended.sh FOLDER [ROW...]
# FOLDER gets a copy of the tree and a build of it, and is used again by the next run. Ends with 1 where a row still passes.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:?a folder for the copy and its build}
shift
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
tree=$folder/tree build=$folder/build
export PATH="$PATH:/usr/sbin:/sbin"

mkdir -p "$tree"
(cd "$root" && git ls-files -z | tar --null --ignore-failed-read -cf - -T -) | tar -C "$tree" --keep-newer-files -xf - 2>/dev/null || true
[ -e "$build/CMakeCache.txt" ] || cmake -S "$tree" -B "$build" -DCMAKE_BUILD_TYPE=Debug -DCHATAPPS_BUILD_TESTS=ON >"$folder/log"
build() { cmake --build "$build" --parallel "$(nproc)" --target chatapps_integration_tests >"$folder/log" 2>&1; }
build || { tail -20 "$folder/log" && exit 1; }
ran=0 survived=0 unusable=0
while IFS='|' read -r row file expression; do
  case $row in '#'*) continue ;; esac
  row=${row// /} file=$tree/src/${file// /} expression=${expression# }
  [ $# = 0 ] || [[ " $* " == *" $row "* ]] || continue
  cp "$file" "$folder/whole"
  sed -i "$expression" "$file"
  if cmp -s "$file" "$folder/whole"; then
    echo "row $row: the expression changes nothing: $expression" && unusable=$((unusable + 1))
  elif ! build; then
    echo "row $row: does not compile without: $expression" && unusable=$((unusable + 1))
  else
    ran=$((ran + 1))
    if timeout 120 "$build/tests/chatapps_integration_tests" --gtest_filter="*row${row}_*" >"$folder/log" 2>&1; then
      echo "row $row: PASSES without its defence: $expression" && survived=$((survived + 1))
    else
      echo "row $row: noticed"
    fi
  fi
  cp "$folder/whole" "$file"
done <"$root/tests/undefended.txt"
build || true  # so that the next run begins with the whole sources
echo "$ran defences taken out, $survived not noticed, $unusable that could not be"
[ $survived = 0 ] && [ $unusable = 0 ]
