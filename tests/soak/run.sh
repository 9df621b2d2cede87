#!/usr/bin/env bash
# run.sh [SECONDS [RATE [SEED]]]: builds the soak in build/default and runs it, for half an hour at 200 calls a second
# unless told otherwise.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/cmake/steps.sh"
build=$root/build/default
"$root/cmake/install-deps.sh" tests
configure_default "$root" -DCHATAPPS_BUILD_TESTS=ON -DCHATAPPS_WITH_REDIS=ON
quietly "Building the soak" cmake --build "$build" --target chatapps_soak --parallel "$(processors)"
exec "$build/tests/soak/chatapps_soak" "$@"
