#!/usr/bin/env bash
# terminal.sh PROGRAMS >docs/terminal.svg: the picture in the README, made of what the programs in that folder print on a
# terminal (util-linux's script gives them one), against the sandbox.
set -euo pipefail
PATH=$1:$PATH
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
chatapps-sandbox --port 0 --rate 0 --speed 5 >"$work/said" &
server=$!
until url=$(sed -n 's/^listening on //p' "$work/said") && [ -n "$url" ]; do sleep 0.05; done
export CHATAPPS_BASE_URL=$url CHATAPPS_API_KEY=sandbox-key XDG_RUNTIME_DIR=$work COLUMNS=80 TERM=xterm
unset NO_COLOR

commands=(
  'chatapps get sandbox a0000000-0000-4000-8000-000000000003'
  'chatapps wait sandbox a0000000-0000-4000-8000-000000000009 --until delivered'
)
for command in "${commands[@]}"; do
  printf '$ %s\n' "$command"
  script --quiet --command "stty cols 80; $command" /dev/null | tr -d '\r'
done >"$work/output"

# Of the escape sequences the program uses colours alone: 31 red, 32 green, 33 yellow, 2 dim, 1 bold, 0 none of them.
awk '
  function escaped(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text); return text }
  BEGIN {
    colour[31] = "#ff7b72"; colour[32] = "#7ee787"; colour[33] = "#e3b341"; colour[2] = "#8b949e"; colour[1] = "#ffffff"
    ESC = sprintf("%c", 27)
  }
  {
    line = $0; out = ""; fill = ""
    if (line ~ /^\$ /) fill = "#79c0ff"
    while (line != "") {
      at = index(line, ESC "[")
      text = at ? substr(line, 1, at - 1) : line
      if (text != "") out = out (fill ? "<tspan fill=\"" fill "\">" escaped(text) "</tspan>" : escaped(text))
      if (!at) break
      line = substr(line, at + 2)
      match(line, /^[0-9;]*[a-zA-Z]/)
      number = substr(line, 1, RLENGTH - 1) + 0
      fill = number in colour ? colour[number] : ""
      line = substr(line, RLENGTH + 1)
    }
    lines[++count] = out
  }
  END {
    height = count * 18 + 32
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"700\" height=\"%d\" viewBox=\"0 0 700 %d\" role=\"img\">\n", height, height
    print "<title>What chatapps get and chatapps wait print</title>"
    print "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\"/>"
    print "<g font-family=\"ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace\" font-size=\"13\" fill=\"#c9d1d9\" xml:space=\"preserve\">"
    for (i = 1; i <= count; ++i) printf "<text x=\"16\" y=\"%d\">%s</text>\n", i * 18 + 12, lines[i]
    print "</g>\n</svg>"
  }' "$work/output"
