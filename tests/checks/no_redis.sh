#!/usr/bin/env bash
# no_redis.sh PREFIX LIBRARY: the package in PREFIX, built without the component redis, has nothing of it and needs
# nothing for it; nor does the main LIBRARY of a build with it.
set -euo pipefail
prefix=$1 library=$2
failed=0
fail() {
  echo "$1"
  failed=1
}

[ -z "$(find "$prefix" -iname '*redis*')" ] || fail "installed without the component: $(find "$prefix" -iname '*redis*')"
shared=$(find "$prefix" -name 'libchatapps.so' -o -name 'libchatapps.dylib')
if [ -n "$shared" ]; then
  needed=$(if command -v readelf >/dev/null; then readelf --dynamic "$shared"; else otool -L "$shared"; fi)
  grep -q curl <<<"$needed" || fail "this looks at the wrong thing: $needed"
  ! grep -iE 'redis|libssl|libcrypto' <<<"$needed" || fail "the library is linked with what only the component needs"
fi
undefined=$(nm --undefined-only "$library")
grep -q curl_ <<<"$undefined" || fail "this looks at the wrong thing: $library"
! grep -E ' _?(redis|SSL_|EVP_)' <<<"$undefined" || fail "the main library refers to what only the component needs"
exit $failed
