#!/usr/bin/env bash
# plot.sh GROWTH_JSON FOLDER: draws how costs grow into FOLDER/growth.svg and FOLDER/growth.png.
set -euo pipefail
json=$1 folder=$2
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# points WHAT FIELD: the name of a file with "COUNT VALUE" of each line that has that field.
points() {
  sed -n -E 's/.*"growth": "'"$1"'", "count": ([0-9]+),.*"'"$2"'": ([0-9.]+).*/\1 \2/p' "$json" >"$work/$1.$2"
  echo "$work/$1.$2"
}
draw() {
  gnuplot <<GNUPLOT
set terminal $1
set output "$folder/growth.$2"
set multiplot layout 1, 3
set logscale x
set format x "10^{%L}"
set grid
set style data linespoints
set yrange [0:*]
set key top left
set title "A call, by how many there are"
set xlabel "calls that wait in one lane; lanes"
set ylabel "CPU, microseconds a call"
plot "$(points waiting cpuMicroseconds)" title "calls waiting" linewidth 2 pointtype 7, \
     "$(points lanes cpuMicroseconds)" title "lanes" linewidth 2 pointtype 5
set title "What waits"
set ylabel "memory, bytes a call"
plot "$(points waiting bytes)" title "calls waiting" linewidth 2 pointtype 7, \
     "$(points lanes bytes)" title "lanes" linewidth 2 pointtype 5
set title "A record, by how many an answer has"
set xlabel "records in an answer"
set ylabel "CPU, microseconds a record"
plot "$(points records cpuMicroseconds)" title "decode" linewidth 2 pointtype 7
GNUPLOT
}
draw 'svg size 1200,400 font "sans,12" background "white"' svg
draw 'pngcairo size 1200,400 font "sans,10"' png
