#!/usr/bin/env bash
# redis.sh WITH WITHOUT BUILD: a project that finds the component redis in the prefix WITH, and is told that it is not
# there in the prefix WITHOUT, or that what it is made of is missing.
set -euo pipefail
with=$1 without=$2 build=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../cmake/steps.sh"

rm -rf "$build"
configure "$here/redis" "$build/with" -DCMAKE_PREFIX_PATH="$with" -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON
cmake --build "$build/with"
"$build/with/program"

if configure "$here/redis" "$build/without" -DCMAKE_PREFIX_PATH="$without" >"$build/said" 2>&1; then
  echo "a component that was not built was found"
  exit 1
fi
grep -q redis "$build/said"

without_hiredis=(-DCMAKE_PREFIX_PATH="$with" -DHIREDIS_LIBRARY= -DHIREDIS_INCLUDE_DIR=)
if configure "$here/redis" "$build/incomplete" "${without_hiredis[@]}" >"$build/said" 2>&1; then
  echo "a component that can not be linked was found"
  exit 1
fi
grep -q hiredis "$build/said"
configure "$here/redis" "$build/optional" "${without_hiredis[@]}" -DOPTIONAL=ON
