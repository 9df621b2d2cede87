#!/usr/bin/env bash
# debian.sh BUILD FOLDER COMPILER: a Debian package of BUILD, installed into a root of its own, used, and removed again.
set -euo pipefail
build=$1 folder=$2 compiler=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

rm -rf "$folder"
mkdir -p "$folder/root/var/lib/dpkg/updates" "$folder/root/var/lib/dpkg/info" "$folder/root/tmp"
: >"$folder/root/var/lib/dpkg/status"
: >"$folder/root/var/lib/dpkg/available"
root=$folder/root

cpack -G DEB --config "$build/CPackConfig.cmake" -B "$folder" >"$folder/log" 2>&1 || { cat "$folder/log" && exit 1; }
package=$(ls "$folder"/*.deb)
dpkg-deb --info "$package"
dpkg-deb --contents "$package" | awk '$2 != "root/root" { print "not of root: " $0; failed = 1 } END { exit failed }'

# Without the right to chroot, and without the packages it depends on: those are this machine's.
in_root() { dpkg --root="$root" --force-not-root --force-depends --force-bad-path --log="$folder/dpkg.log" "$@"; }
in_root --install "$package"
in_root --verify chatapps

PATH=$root/usr/bin:$PATH chatapps --version | grep -q '^chatapps [0-9]'
PATH=$root/usr/bin:$PATH chatapps-sandbox --help >/dev/null
bash -n "$root/usr/share/bash-completion/completions/chatapps"
[ -s "$root/usr/share/man/man1/chatapps.1" ]

pc=$(find "$root/usr" -name chatapps.pc)
read -ra flags <<<"$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --cflags --libs chatapps)"
"$compiler" -std=c++17 -o "$folder/program" "$here/../consumers/program.cpp" "${flags[@]}"
LD_LIBRARY_PATH=$(dirname "$(dirname "$pc")") "$folder/program"

in_root --purge chatapps
left=$(find "$root/usr" -mindepth 1 2>/dev/null || true)
[ -z "$left" ] || { printf 'left behind:\n%s\n' "$left" && exit 1; }
