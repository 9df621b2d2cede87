#!/usr/bin/env bash
# build.sh [FOLDER]: the site of the documentation, into FOLDER/html (default: build/site). Installs doxygen and graphviz
# where they are missing. A name without documentation, or anything else that doxygen warns of, is an error.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/cmake/steps.sh"
site=${1:-$root/build/site}

"$root/cmake/install-deps.sh" documentation
mkdir -p "$site"
CHATAPPS_SITE=$(cd "$site" && pwd)
CHATAPPS_VERSION=$(sed -n 's/^#define CHATAPPS_VERSION "\(.*\)".*/\1/p' "$root/include/chatapps/version.hpp")
export CHATAPPS_SITE CHATAPPS_VERSION
cd "$root"
rm -rf "$site/html"
doxygen docs/Doxyfile

# Files that pages of the root link to and that are no pages.
cp LICENSE "$site/html/"
mkdir -p "$site/html/examples" "$site/html/include"
cp examples/*.cpp "$site/html/examples/"
cp -R examples/scenarios "$site/html/examples/"
cp -R include/chatapps "$site/html/include/"
mkdir -p "$site/html/cmake"
cp -R cmake/packaging "$site/html/cmake/"
[ "$(find "$site/html" -name 'dot_*.svg' | wc -l)" -ge 3 ] || { say "the diagrams are missing" && exit 1; }
say "- $site/html/index.html"
