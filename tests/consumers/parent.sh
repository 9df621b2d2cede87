#!/usr/bin/env bash
# parent.sh FOLDER: chatapps inside of another project, and a user of that project's exported library.
set -euo pipefail
folder=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../cmake/steps.sh"

rm -rf "$folder/prefix" "$folder/of_parent"
configure "$here/parent" "$folder/parent" -DCHATAPPS_SOURCE="$here/../.." -DCMAKE_INSTALL_PREFIX="$folder/prefix" \
  -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON -DCMAKE_DISABLE_FIND_PACKAGE_CURL=ON
cmake --build "$folder/parent"
"$folder/parent/program"
cmake --install "$folder/parent"

configure "$here/of_parent" "$folder/of_parent" -DCMAKE_PREFIX_PATH="$folder/prefix" \
  -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON
cmake --build "$folder/of_parent"
"$folder/of_parent/program"
