#!/usr/bin/env bash
# quotes.sh PROGRAMS FILE.md...: what these pages show of a terminal is what happens. In each block of ```console, a line
# `$ COMMAND` is run against a sandbox, and the lines below it are all that it prints, `...` standing for any text. BUSY is
# the address of another sandbox, whose quota is used up.
set -euo pipefail
PATH=$1:$PATH
shift
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

# Sets `url` to the address of a new sandbox with these arguments.
start_sandbox() {
  local said=$work/said${#servers[@]}
  chatapps-sandbox --port 0 "$@" >"$said" &
  servers+=($!)
  until url=$(sed -n 's/^listening on //p' "$said") && [ -n "$url" ]; do
    kill -0 "${servers[-1]}"
    sleep 0.05
  done
}
export CHATAPPS_API_KEY=sandbox-key XDG_RUNTIME_DIR=$work
unset CHATAPPS_REGION http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY
start_sandbox --rate 0.001
export BUSY=$url
chatapps get sandbox a0000000-0000-4000-8000-000000000003 --base-url "$BUSY" --pacing off >/dev/null
start_sandbox
export CHATAPPS_BASE_URL=$url

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
