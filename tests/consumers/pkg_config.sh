#!/usr/bin/env bash
# pkg_config.sh static|shared FOLDER COMPILER: a program built by hand against the package installed in FOLDER/prefix.
set -euo pipefail
kind=$1 folder=$2 compiler=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

pc=$(find "$folder/prefix" -name chatapps.pc)
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
needed=$(pkg-config --print-requires --print-requires-private chatapps)
case "$kind:$needed" in
  shared: | static:libcurl*) ;;
  *) echo "chatapps.pc of the $kind library requires '$needed'" && exit 1 ;;
esac
read -ra flags <<<"$(pkg-config --cflags --libs chatapps)"
"$compiler" -std=c++17 "$here/program.cpp" "${flags[@]}" -o "$folder/by_hand_$(basename "$compiler")"
LD_LIBRARY_PATH=$(pkg-config --variable=libdir chatapps) "$folder/by_hand_$(basename "$compiler")"
