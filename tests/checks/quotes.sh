#!/usr/bin/env bash
# quotes.sh PROGRAMS FILE.md...: what these pages show of a terminal is what happens. In each block of ```console, a line
# `$ COMMAND` is run against a sandbox, and the lines below it are all that it prints, `...` standing for any text.
set -euo pipefail
PATH=$1:$PATH
shift
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

chatapps-sandbox --port 0 >"$work/said" &
server=$!
until url=$(sed -n 's/^listening on //p' "$work/said") && [ -n "$url" ]; do
  kill -0 "$server"
  sleep 0.05
done
export CHATAPPS_BASE_URL=$url CHATAPPS_API_KEY=sandbox-key XDG_RUNTIME_DIR=$work
unset CHATAPPS_REGION http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY

# matches PATTERN TEXT: line by line; `...` is any text.
matches() {
  local pattern=$1 text=$2 line
  while IFS= read -r line; do
    line=$(sed 's/[][*?\\]/\\&/g; s/\.\.\./*/g' <<<"$line")
    # shellcheck disable=SC2053  # a pattern is meant
    [[ ${text%%$'\n'*} == $line ]] || return 1
    case $text in *$'\n'*) text=${text#*$'\n'} ;; *) text= ;; esac
  done <<<"$pattern"
  [ -z "$text" ]
}
failed=0 count=0
check() {
  [ -n "$command" ] || return 0
  count=$((count + 1))
  said=$(cd "$work" && bash -c "$command" 2>&1) || true
  matches "$quoted" "$said" || {
    printf '%s: $ %s\nis quoted with\n%s\nand says\n%s\n\n' "$page" "$command" "$quoted" "$said"
    failed=1
  }
}
for page in "$@"; do
  inside= command= quoted=
  while IFS= read -r line; do
    case $inside$line in
      '```console') inside=1 ;;
      '1```') check && inside= command= quoted= ;;
      '1$ '*) check && command=${line#\$ } quoted= ;;
      1*) quoted+=${quoted:+$'\n'}$line ;;
    esac
  done <"$page"
done
echo "$count commands were run"
[ "$count" -gt 0 ] && exit $failed
