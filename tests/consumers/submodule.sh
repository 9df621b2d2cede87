#!/usr/bin/env bash
# submodule.sh FOLDER: chatapps as a git submodule of another project, which adds its folder. The checkout is the one that
# FetchContent made, so that it is compiled once for both.
set -euo pipefail
folder=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../cmake/steps.sh"

super=$folder/super
rm -rf "$super/.git" "$super/.gitmodules"
git -C "$super" init --quiet
git -C "$super" -c protocol.file.allow=always submodule --quiet add --force "$folder/repository" external/chatapps
git -C "$super" submodule status

configure "$here/parent" "$folder/parent" -DCHATAPPS_WAY=submodule
cmake --build "$folder/parent"
"$folder/parent/program"
