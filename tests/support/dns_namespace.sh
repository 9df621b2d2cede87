#!/usr/bin/env bash
# Runs a command where the only name server is 127.0.0.1 and the only network is a loopback of its own.
#   dns_namespace.sh COMMAND...
# So the command can stand in for that name server, or be a black hole. Exits with 77 where the system allows no namespaces.
set -euo pipefail

if [[ ${1:-} != --inside ]]; then
  as_root=()
  ((EUID == 0)) || as_root=(--map-root-user)
  if ! unshare "${as_root[@]}" --net --mount true 2>/dev/null; then
    echo "NOT RUN: needs network namespaces (run as root, or allow unprivileged user namespaces)" >&2
    exit 77
  fi
  exec unshare "${as_root[@]}" --net --mount "$0" --inside "$@"
fi

shift
ip link set lo up
# resolv.conf may be a link, and /etc may be read-only: mount over what it points at.
servers=$(mktemp)
echo 'nameserver 127.0.0.1' >"$servers"
mount --bind "$servers" "$(readlink -f /etc/resolv.conf)"
rm "$servers"
exec "$@"
