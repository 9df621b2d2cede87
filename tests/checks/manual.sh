#!/usr/bin/env bash
# manual.sh PROGRAM: the manual page has nothing that mandoc or groff would warn of, each shell that is here can read its
# completion, and bash completes commands, options and their values.
set -euo pipefail
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$PATH:/usr/local/bin

"$program" man >"$work/chatapps.1"
for shell in bash zsh fish; do
  "$program" completions $shell >"$work/$shell"
  ! command -v $shell >/dev/null || $shell -n "$work/$shell"
done
looked=
if command -v mandoc >/dev/null; then
  # A page without a date is meant: the same sources give the same bytes.
  { mandoc -T lint -W warning "$work/chatapps.1" || true; } | grep -v 'missing date' >"$work/warnings" || true
  looked+=" mandoc"
fi
if command -v groff >/dev/null; then
  groff -man -T utf8 -ww -z "$work/chatapps.1" >>"$work/warnings" 2>&1
  looked+=" groff"
fi
[ ! -s "$work/warnings" ] || { cat "$work/warnings" && exit 1; }
echo "the page was read by:${looked:- nobody, since neither mandoc nor groff is here}"

# What --help names stands in the page.
"$program" --help | grep -oE '^  --?[a-z-]+' | while read -r option; do
  grep -qF -- "${option//-/\\-}" "$work/chatapps.1" || { echo "the page lacks $option" && exit 1; }
done

# So does what an option means for one command only.
grep -q 'How long to wait in all' "$work/chatapps.1" || { echo "the page tells --timeout of a call only" && exit 1; }

. "$work/bash"
failed=0
# completes EXPECTED WORD...: the last word is the one that is being typed.
completes() {
  local expected=$1
  COMP_WORDS=(chatapps "${@:2}")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _chatapps || true  # a shell that completes does not stop at the first failure
  [ "${COMPREPLY[*]}" = "$expected" ] || { echo "${*:2}: expected '$expected', got '${COMPREPLY[*]}'" && failed=1; }
}
cd "$work"
touch messages.csv
completes "get" g
completes "doctor" d
completes "--fallback-grace" wait --fa
completes "--until" wait sandbox --un
completes "json" get --format j
completes "json" get --format = j
completes "table json ndjson csv" get --format ""
completes "north-america" --region n
completes "europe" get --region e
completes "messages.csv" bulk mess
completes "messages.csv" get --ca-file mess
completes "" get --header ""
exit $failed
