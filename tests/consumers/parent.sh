#!/usr/bin/env bash
# parent.sh FOLDER: the project that contains chatapps exports a library that uses it, and a third one uses that.
set -euo pipefail
folder=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../cmake/steps.sh"

rm -rf "$folder/prefix" "$folder/of_parent"
cmake --install "$folder/parent"

configure "$here/of_parent" "$folder/of_parent" -DCMAKE_PREFIX_PATH="$folder/prefix" \
  -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON
cmake --build "$folder/of_parent"
"$folder/of_parent/program"
