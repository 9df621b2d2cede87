# table.awk rows.txt SAMPLES: the table of rows.txt, each figure the median of its samples, "MEASURE VARIANT VALUE"
# between tabs and sorted. With -v json=FILE the same as JSON. Goals that are missed are shown, and no error.
BEGIN { FS = "\t" }
FILENAME == ARGV[1] {
  if (/^#/) next
  row[++rows] = $0
  next
}
{
  name = $1 "\t" $2
  value[name, ++samples[name]] = $3
}

function median(name, n) {
  n = samples[name]
  return n % 2 ? value[name, (n + 1) / 2] : (value[name, n / 2] + value[name, n / 2 + 1]) / 2
}
function trim(text) { gsub(/^ +| +$/, "", text); return text }
function shown(number) {
  if (number >= 1000 || number == int(number)) return sprintf("%d", number + 0.5)
  return sprintf(number >= 100 ? "%.0f" : number >= 10 ? "%.1f" : number >= 2 ? "%.2f" : "%.4f", number)
}
function meets(figure, goal, parts) {
  split(goal, parts, " ")
  if (parts[1] == "<=") return figure <= parts[2]
  if (parts[1] == "<") return figure < parts[2]
  return figure >= parts[2]
}
# printf counts bytes.
function padded(text, width, plain) {
  plain = text
  gsub(/µ/, "u", plain)
  while (length(plain) < width) { text = text " "; plain = plain " " }
  return text
}
function line(a, b, c, d, e, f) {
  print "| " padded(a, 39) " | " padded(b, 16) " | " padded(c, 28) " | " padded(d, 6) " | " padded(e, 15) " | " padded(f, 3) " |"
}

END {
  line("what", "measured", "beside", "ratio", "goal", "met")
  print "|---|---|---|---|---|---|"
  if (json) printf "[\n" >json
  for (r = 1; r <= rows; ++r) {
    split(row[r], cell, "|")
    for (c = 1; c <= 6; ++c) cell[c] = trim(cell[c])
    own = cell[2] "\t" cell[3]
    if (!samples[own]) continue
    figure = median(own)
    peer = cell[2] "\t" cell[4]
    ratio = beside = ""
    if (samples[peer]) {
      beside = cell[4] " " shown(median(peer))
      ratio = figure / median(peer)
    }
    goal = cell[5] == "-" ? "" : cell[5]
    judged = goal ~ /^value/ ? figure : ratio
    met = goal == "" || judged == "" ? "" : meets(judged, substr(goal, goal ~ /^value/ ? 7 : 1)) ? "yes" : "NO"
    counted += met != ""
    missed += met == "NO"
    line(cell[1], shown(figure) (cell[6] == "" ? "" : " " cell[6]), beside, ratio == "" ? "" : sprintf("%.3f", ratio), goal, met)
    if (!json) continue
    printf "%s  {\"what\": \"%s\", \"measure\": \"%s\", \"variant\": \"%s\", \"value\": %s, \"samples\": %d", \
      separator, cell[1], cell[2], cell[3], figure, samples[own] >json
    if (ratio != "") printf ", \"beside\": \"%s\", \"besideValue\": %s, \"ratio\": %.4f", cell[4], median(peer), ratio >json
    if (met != "") printf ", \"goal\": \"%s\", \"met\": %s", goal, met == "yes" ? "true" : "false" >json
    printf "}" >json
    separator = ",\n"
  }
  if (json) printf "\n]\n" >json
  printf "\n%d goals, %d missed\n", counted, missed
}
