#!/usr/bin/env bash
# recipes.sh TREE FOLDER: what can be known of the vcpkg port and the Conan recipe without their tools.
set -euo pipefail
tree=$1 folder=$2
. "$tree/cmake/steps.sh"
rm -rf "$folder"
mkdir -p "$folder"
version=$(sed -n 's/^#define CHATAPPS_VERSION "\(.*\)".*/\1/p' "$tree/include/chatapps/version.hpp")

port=$tree/cmake/packaging/vcpkg/chatapps
grep -qF "\"version\": \"$version\"" "$port/vcpkg.json" || { echo "vcpkg.json is not of version $version" && exit 1; }
# The port with stand-ins: each tells what it was asked for.
cat >"$folder/port.cmake" <<'END'
cmake_policy(VERSION 3.22)
function(vcpkg_cmake_configure)
  cmake_parse_arguments(asked "" "SOURCE_PATH" "OPTIONS" ${ARGN})
  if(NOT EXISTS "${asked_SOURCE_PATH}/CMakeLists.txt")
    message(FATAL_ERROR "no project in ${asked_SOURCE_PATH}")
  endif()
  file(READ "${asked_SOURCE_PATH}/CMakeLists.txt" project)
  foreach(option IN LISTS asked_OPTIONS)
    string(REGEX REPLACE "^-D([A-Z_]+)=.*" "\\1" name "${option}")
    if(NOT project MATCHES "option\\(${name} ")
      message(FATAL_ERROR "the project has no option ${name}")
    endif()
  endforeach()
endfunction()
function(vcpkg_cmake_install)
endfunction()
function(vcpkg_cmake_config_fixup)
  cmake_parse_arguments(asked "" "PACKAGE_NAME;CONFIG_PATH" "" ${ARGN})
  if(NOT asked_CONFIG_PATH STREQUAL "lib/cmake/chatapps")
    message(FATAL_ERROR "the package's folder is not ${asked_CONFIG_PATH}")
  endif()
endfunction()
function(vcpkg_fixup_pkgconfig)
endfunction()
function(vcpkg_install_copyright)
  cmake_parse_arguments(asked "" "" "FILE_LIST" ${ARGN})
  if(NOT EXISTS "${asked_FILE_LIST}")
    message(FATAL_ERROR "${asked_FILE_LIST} is missing")
  endif()
endfunction()
include("${PORT}/portfile.cmake")
END
cmake -DPORT="$port" -DCURRENT_PACKAGES_DIR="$folder/packages" -P "$folder/port.cmake"

# The Conan recipe exports what configures by itself.
recipe=$tree/cmake/packaging/conan/conanfile.py
mkdir "$folder/exported"
sed -n 's/^EXPORTED = \[\(.*\)\]$/\1/p' "$recipe" | tr -d '",' | tr ' ' '\n' | while read -r pattern; do
  (cd "$tree" && tar -cf - "${pattern%/\*}") | tar -xf - -C "$folder/exported"
done
configure "$folder/exported" "$folder/configured" -DCHATAPPS_BUILD_TESTS=OFF -DCHATAPPS_BUILD_EXAMPLES=OFF >/dev/null
if command -v python3 >/dev/null; then
  for file in "$recipe" "$tree/cmake/packaging/conan/test_package/conanfile.py"; do
    python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' "$file"
  done
  python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$port/vcpkg.json"
fi
