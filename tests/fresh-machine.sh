#!/usr/bin/env bash
# fresh-machine.sh [bookworm|trixie]: makes a minimal Debian with git and ca-certificates only, clones this repository's
# last commit into it, and runs the README's two commands there as they stand; then both once more from another folder,
# with a few tests. Without a name, Debian 12 and then 13. Needs root and debootstrap.
set -euo pipefail
if [ $# = 0 ]; then
  "$0" bookworm
  "$0" trixie
  exit
fi
suite=$1
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The mounts are this script's own: they go when it ends, however it ends, and so do the processes in there.
if [ -z "${CHATAPPS_IN_NAMESPACE:-}" ]; then
  root=$(mktemp -d "${TMPDIR:-/var/tmp}/chatapps-$suite.XXXXXX")
  trap 'rm -rf --one-file-system "$root"' EXIT
  CHATAPPS_IN_NAMESPACE=$root unshare --mount --pid --fork --kill-child "$0" "$suite"
  exit
fi
root=$CHATAPPS_IN_NAMESPACE

# Packages come from where this machine gets its own.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' 'Created-By: Packages' |
  awk '$2 == "Debian" && $3 == "Debian" { print $1; exit }')
debootstrap --variant=minbase --include=git,ca-certificates "$suite" "$root" "$mirror" >"$root.log" 2>&1 ||
  { tail -n 20 "$root.log" && exit 1; }
rm -f "$root.log"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
apt-config dump Acquire | grep -E '^Acquire::(https?|Check|Retries)[^ ]* ' >"$root/etc/apt/apt.conf.d/90host" || true
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
git -C "$repository" bundle create --quiet "$root/root/chatapps.bundle" HEAD $(git -C "$repository" branch --show-current)

chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
  bash -euc '
    cd
    git clone --quiet chatapps.bundle chatapps
    cd chatapps
    time ./examples/quickstart.sh
    time ./tests/run.sh
    cd /
    time /root/chatapps/examples/quickstart.sh
    time /root/chatapps/tests/run.sh -R "^Timestamp"
    test -z "$(git -C /root/chatapps status --porcelain)"'
