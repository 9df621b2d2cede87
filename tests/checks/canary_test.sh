#!/usr/bin/env bash
# canary_test.sh: the check finds a secret in what a test printed or left, and a core, and does not pass without a run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tests" "$work/Testing/Temporary"
failed=0
passes() { XDG_RUNTIME_DIR=$work/run TMPDIR=$work "$here/canary.sh" "$work" >"$work/out" 2>&1; }
! passes || { echo "it passes without a run" && failed=1; }
printf '1/1 Test: a\nall is well\n' >"$work/Testing/Temporary/LastTest.log"
passes || { echo "it fails for nothing" && cat "$work/out" && failed=1; }
for secret in canary-7f3a91 canary-5e77a1; do
  printf '1/1 Test: a\nAuthorization: Bearer %s\n' "$secret" >"$work/Testing/Temporary/LastTest.log"
  ! passes || { echo "$secret is not found in what a test printed" && failed=1; }
done
printf '1/1 Test: a\n' >"$work/Testing/Temporary/LastTest.log"
echo "key canary-7f3a91" >"$work/tests/left.log"
! passes || { echo "it is not found in a file" && failed=1; }
rm "$work/tests/left.log"
touch "$work/tests/core.1"
! passes || { echo "a core is not found" && failed=1; }
exit $failed
