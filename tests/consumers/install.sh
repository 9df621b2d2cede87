#!/usr/bin/env bash
# install.sh static|shared FOLDER: builds and installs the library alone, then moves the prefix to FOLDER/prefix, since a
# package must work where it lies and not only where it was installed.
set -euo pipefail
kind=$1 folder=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/cmake/steps.sh"

shared=OFF
[ "$kind" = static ] || shared=ON
configure "$root" "$folder/build" -DBUILD_SHARED_LIBS=$shared -DCMAKE_BUILD_TYPE=Release \
  -DCHATAPPS_BUILD_TESTS=OFF -DCHATAPPS_BUILD_EXAMPLES=OFF -DCMAKE_INSTALL_PREFIX="$folder/elsewhere"
cmake --build "$folder/build"
rm -rf "$folder/elsewhere" "$folder/prefix"
cmake --install "$folder/build"
mv "$folder/elsewhere" "$folder/prefix"
if grep -rIl "$folder" "$folder/prefix"; then
  echo "these files name the place where they were installed"
  exit 1
fi
