#!/usr/bin/env bash
# snippets.sh PREFIX SANDBOX COMPILER FILE.md...: the C++ of these pages is compiled, as one program, against the package
# installed in PREFIX, and each block is run in a process of its own against the sandbox. A block without main becomes the
# body of a function, after the names that the text takes for granted. A block that returns other than 0 has failed. Those
# about the optional component redis are run where the package has it.
set -euo pipefail
prefix=$1 sandbox=$2 compiler=$3
shift 3
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

"$sandbox" --port 0 --rate 0 --speed 100 >"$work/said" &
server=$!
until url=$(sed -n 's/^listening on //p' "$work/said") && [ -n "$url" ]; do
  kill -0 "$server"
  sleep 0.05
done
export CHATAPPS_BASE_URL=$url CHATAPPS_API_KEY=sandbox-key
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name chatapps.pc)")
export PKG_CONFIG_PATH
read -ra flags <<<"-lchatapps_testing $(pkg-config --cflags --libs chatapps)"

redis=$(find "$prefix" -name redis_pacer.hpp)
[ -z "$redis" ] || flags=(-lchatapps_redis "${flags[@]}" -lhiredis -lssl -lcrypto)

# Two files: what includes, and everything else. #line lets the compiler name the page.
awk -v includes="$work/includes" -v redis="$redis" '
  /^```cpp$/ { inside = 1; text = ""; wanted = ""; unusable = 0; hasMain = 0; first = FNR + 1; next }
  /^```$/ && inside {
    inside = 0
    if (unusable) next
    printf "%s", wanted > includes
    name = "block" ++count
    place = FILENAME ":" first
    names[count] = place
    if (hasMain) {
      printf "namespace in_%s {\n#line %d \"%s\"\n%s}\nint %s() { return in_%s::run(); }\n", name, first, FILENAME, text, name, name
    } else {
      printf "int %s() {\n  using namespace std::chrono_literals;\n", name
      print "  [[maybe_unused]] auto options = chatapps::ClientOptions::fromEnvironment();"
      print "  [[maybe_unused]] const chatapps::ChatAppsClient client(options);"
      print "  [[maybe_unused]] const std::string subAccountId = \"sandbox\", umid = \"a0000000-0000-4000-8000-000000000003\";"
      printf "  {\n#line %d \"%s\"\n%s  }\n  return 0;\n}\n", first, FILENAME, text
    }
    next
  }
  inside && /^#include/ {
    if (/redis_pacer/ && !redis) unusable = 1
    wanted = wanted $0 "\n"
    text = text "\n"
    next
  }
  inside && /^int main\(\)/ { sub(/main/, "run"); hasMain = 1 }
  inside { text = text $0 "\n" }
  END {
    print "struct { const char* place; int (*run)(); } const blocks[] = {"
    for (i = 1; i <= count; ++i) printf "  {\"%s\", &block%d},\n", names[i], i
    print "};"
    print "int main(int argc, char** argv) {"
    print "  if (argc > 1) return blocks[std::stoi(argv[1])].run();"
    print "  for (const auto& block : blocks) std::cout << block.place << std::endl;"
    print "}"
  }' "$@" >"$work/blocks"
{
  printf '#include <%s>\n' chatapps/chatapps.hpp chrono future iostream memory optional string vector
  cat "$work/includes" 2>/dev/null || true
  cat "$work/blocks"
} >"$work/program.cpp"
"$compiler" -std=c++17 -Wall -Wextra -Werror -o "$work/program" "$work/program.cpp" "${flags[@]}"

number=0 failed=0
while read -r place; do
  if ! timeout 60 "$work/program" $number >"$work/output" 2>&1; then
    echo "$place failed:"
    cat "$work/output"
    failed=1
  fi
  number=$((number + 1))
done < <("$work/program")
echo "$number blocks of C++ were run"
[ "$number" -gt 0 ] && exit $failed
