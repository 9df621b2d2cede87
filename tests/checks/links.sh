#!/usr/bin/env bash
# links.sh TREE: each link of the Markdown pages of TREE leads to a file or a heading that is there. Links to the web are
# not followed.
set -euo pipefail
cd "$1"

# The anchors of a page, as GitHub makes them from its headings.
anchors() {
  awk '/^```/ { code = !code } !code && /^#+ /' "$1" | sed -E 's/^#+ //; s/`//g' | tr '[:upper:]' '[:lower:]' |
    sed -E 's/[^a-z0-9 _-]//g; s/ /-/g'
}
# "FILE TARGET" of each inline link that is no code.
links() {
  awk '/^```/ { code = !code } !code {
    gsub(/`[^`]*`/, "")
    while (match($0, /\]\([^)]+\)/)) {
      print FILENAME, substr($0, RSTART + 2, RLENGTH - 3)
      $0 = substr($0, RSTART + RLENGTH)
    }
  }' "$@"
}

failed=0 count=0
mapfile -t pages < <(find . -name '*.md' -not -path './build/*' -not -path './.git/*' | LC_ALL=C sort)
while read -r page target; do
  case $target in http://* | https://* | mailto:*) continue ;; esac
  count=$((count + 1))
  file=${target%%#*}
  place=$page
  [ -z "$file" ] || place=$(dirname "$page")/$file
  if [ ! -e "$place" ]; then
    echo "$page: $target is not there"
    failed=1
  elif [[ $target == *#* ]] && ! anchors "$place" | grep -qxF -- "${target#*#}"; then
    echo "$page: $target: no such heading"
    failed=1
  fi
done < <(links "${pages[@]}")
echo "$count links"
exit $failed
