#!/usr/bin/env bash
# Installs what is missing, builds the library, starts the sandbox (an imitation of the API on this machine) and asks it
# what became of a message: examples/quickstart.cpp.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/cmake/steps.sh"

build=$root/build/default
"$root/cmake/install-deps.sh" build
configure_default "$root" -DCHATAPPS_BUILD_TESTS=OFF
quietly "Building the library, the sandbox and examples/quickstart.cpp" \
  cmake --build "$build" --parallel "$(processors)" --target chatapps-sandbox chatapps-example-quickstart

work=$(mktemp -d)
sandbox=
clean_up() {
  [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true
  [ -z "$sandbox" ] || wait "$sandbox" 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

say "- Starting the sandbox"
"$build/bin/chatapps-sandbox" --port 0 >"$work/said" 2>"$work/errors" &
sandbox=$!
until url=$(sed -n 's/^listening on //p' "$work/said") && [ -n "$url" ]; do
  kill -0 "$sandbox" 2>/dev/null || { cat "$work/errors" >&2 && exit 1; }
  sleep 0.05
done

say "- Asking $url for a message that went out on Viber first"
CHATAPPS_BASE_URL=$url CHATAPPS_API_KEY=sandbox-key "$build/bin/quickstart"
