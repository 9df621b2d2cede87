#!/usr/bin/env bash
# install.sh static|shared FOLDER [BUILD]: installs the library from BUILD, or builds it alone first, and moves the prefix
# to FOLDER/prefix: a package must work where it lies, not only where it was installed.
set -euo pipefail
kind=$1 folder=$2 build=${3:-}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/cmake/steps.sh"

if [ -z "$build" ]; then
  build=$folder/build shared=OFF
  debug=()  # what it says of types is compared with the last release's: cmake/abi/check.sh
  [ "$kind" = static ] || { shared=ON && debug=(-DCMAKE_CXX_FLAGS=-g); }
  configure "$root" "$build" -DBUILD_SHARED_LIBS=$shared -DCMAKE_BUILD_TYPE=Release \
    -DCHATAPPS_BUILD_TESTS=OFF -DCHATAPPS_BUILD_EXAMPLES=OFF ${debug[@]+"${debug[@]}"}
  cmake --build "$build"
fi
rm -rf "$folder/elsewhere" "$folder/prefix"
cmake --install "$build" --prefix "$folder/elsewhere"
mv "$folder/elsewhere" "$folder/prefix"
if grep -rIl "$folder" "$folder/prefix"; then
  echo "these files name the place where they were installed"
  exit 1
fi
