#!/usr/bin/env bash
# release.sh TREE FOLDER: two releases of one commit are the same to the byte, whatever the time and the place; the archive
# configures by itself; the list of what is in it can be read and is whole.
set -euo pipefail
tree=$1 folder=$2
. "$tree/cmake/steps.sh"
rm -rf "$folder"
mkdir -p "$folder"
"$tree/cmake/release.sh" "$folder/one"
sleep 1.1  # a time of day that went in would differ now
(cd / && TZ=Asia/Singapore LANG=C umask 077 && "$tree/cmake/release.sh" "$folder/two")
diff -r "$folder/one" "$folder/two"
(cd "$folder/one" && sha256sum --check --quiet SHA256SUMS)

tar -xzf "$folder"/one/chatapps-*.tar.gz -C "$folder"
sources=$(find "$folder" -mindepth 1 -maxdepth 1 -name 'chatapps-*')
configure "$sources" "$folder/configured" -DCHATAPPS_BUILD_TESTS=OFF -DCHATAPPS_BUILD_EXAMPLES=OFF >/dev/null

cat >"$folder/check.cmake" <<'END'
cmake_policy(VERSION 3.22)
file(READ "${SBOM}" text)
string(JSON version GET "${text}" spdxVersion)
string(JSON name GET "${text}" packages 0 name)
string(JSON files LENGTH "${text}" files)
string(JSON relations LENGTH "${text}" relationships)
math(EXPR expected "${COUNT} + 7")
if(NOT version STREQUAL "SPDX-2.3" OR NOT name STREQUAL "chatapps" OR NOT files EQUAL COUNT OR NOT relations EQUAL expected)
  message(FATAL_ERROR "${SBOM}: ${version}, ${name}, ${files} files of ${COUNT}, ${relations} relationships")
endif()
END
cmake -DSBOM="$(ls "$folder"/one/*.spdx.json)" -DCOUNT="$(find "$sources" -type f | wc -l)" -P "$folder/check.cmake"
