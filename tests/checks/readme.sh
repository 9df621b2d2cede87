#!/usr/bin/env bash
# readme.sh README PREFIX SANDBOX COMPILER: the README's C++ is compiled against the package installed in PREFIX and run
# against the sandbox. A block without main becomes the body of one, after the names that the text takes for granted.
set -euo pipefail
readme=$1 prefix=$2 sandbox=$3 compiler=$4
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

"$sandbox" --port 0 --rate 0 >"$work/said" &
server=$!
until url=$(sed -n 's/^listening on //p' "$work/said") && [ -n "$url" ]; do
  kill -0 "$server"
  sleep 0.05
done
export CHATAPPS_BASE_URL=$url CHATAPPS_API_KEY=sandbox-key
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name chatapps.pc)")
export PKG_CONFIG_PATH
read -ra flags <<<"-lchatapps_testing $(pkg-config --cflags --libs chatapps)"

program() {
  if grep -q '^int main' "$1"; then
    cat "$1"
    return
  fi
  printf '#include <%s>\n' chatapps/chatapps.hpp chrono future iostream memory optional string vector
  grep '^#include' "$1" || true
  cat <<'END'
int main() {
  using namespace std::chrono_literals;
  [[maybe_unused]] auto options = chatapps::ClientOptions::fromEnvironment();
  [[maybe_unused]] const chatapps::ChatAppsClient client(options);
  [[maybe_unused]] const std::string subAccountId = "sandbox", umid = "a0000000-0000-4000-8000-000000000003";
  {
END
  grep -v '^#include' "$1"
  printf '  }\n}\n'
}

blocks=$(awk -v work="$work" '
  /^```cpp$/ { inside = 1; ++count; next }
  /^```$/ { inside = 0 }
  inside { print > (work "/" count) }
  END { print count + 0 }' "$readme")
[ "$blocks" -gt 0 ]
for ((block = 1; block <= blocks; ++block)); do
  program "$work/$block" >"$work/$block.cpp"
  echo "block $block of $blocks: $(head -n 1 "$work/$block")"
  "$compiler" -std=c++17 -Wall -Wextra -Werror -o "$work/program" "$work/$block.cpp" "${flags[@]}"
  "$work/program"
done
