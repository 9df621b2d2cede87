#!/usr/bin/env bash
# find_package.sh static|shared FOLDER COMPILER: a project that finds the package installed in FOLDER/prefix.
set -euo pipefail
kind=$1 folder=$2 compiler=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../cmake/steps.sh"

build=$folder/found_by_$(basename "$compiler")
rm -rf "$build"
hidden=(-DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON)
[ "$kind" = static ] || hidden+=(-DCMAKE_DISABLE_FIND_PACKAGE_CURL=ON -DCMAKE_DISABLE_FIND_PACKAGE_Threads=ON)
configure "$here/installed" "$build" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$folder/prefix" "${hidden[@]}"
cmake --build "$build"
for program in program17 program20 program23 testing_program; do
  "$build/$program"
done
