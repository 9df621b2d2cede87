#!/usr/bin/env bash
# Installs what is missing: install-deps.sh build|tests|documentation|abi|benchmark|fuzz|analysis|coverage. Says nothing, and needs
# no rights, where nothing is missing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

groups=${1:?build, tests, documentation, abi, benchmark, fuzz, analysis or coverage}
[ "$groups" != tests ] || groups="build tests documentation abi"
[ "$groups" != benchmark ] || groups="build tests benchmark"

# group | Debian and Ubuntu | Fedora | Homebrew | how to see that it is there
needs() {
  cat <<'END'
build | g++                   | gcc-c++              | c++           | command -v c++
build | cmake                 | cmake                | cmake         | cmake_is_new_enough
build | ninja-build           | ninja-build          | ninja         | command -v ninja
build | libcurl4-openssl-dev  | libcurl-devel        | curl          | header curl/curl.h
build | nlohmann-json3-dev    | json-devel           | nlohmann-json | header nlohmann/json.hpp
build | libcli11-dev          | cli11-devel          | cli11         | header CLI/CLI.hpp
build | libcpp-httplib-dev    | cpp-httplib-devel    | cpp-httplib   | header httplib.h
build | pkg-config            | pkgconf-pkg-config   | pkg-config    | command -v pkg-config
tests | libgtest-dev          | gtest-devel          | googletest    | header gtest/gtest.h
tests | libgmock-dev          | gmock-devel          | googletest    | header gmock/gmock.h
tests | nginx                 | nginx                | nginx         | command -v nginx
tests | haproxy               | haproxy              | haproxy       | command -v haproxy
tests | openssl               | openssl              | openssl       | command -v openssl
tests | libssl-dev            | openssl-devel        | openssl       | header openssl/ssl.h || on_macos
tests | libhiredis-dev        | hiredis-devel        | hiredis       | header hiredis/hiredis.h
tests | redis-server          | redis                | redis         | command -v redis-server
tests | iproute2              | iproute              | iproute2      | command -v ip || on_macos
tests | mandoc                | mandoc               | mandoc        | command -v mandoc
tests | valgrind              | valgrind             |               | command -v valgrind || on_macos
documentation | doxygen       | doxygen              | doxygen       | command -v doxygen
documentation | graphviz      | graphviz             | graphviz      | command -v dot
abi   | abigail-tools         | libabigail           |               | command -v abidiff || on_macos
benchmark | libbenchmark-dev  | google-benchmark-devel | google-benchmark | header benchmark/benchmark.h
benchmark | libcpprest-dev    | cpprest-devel        | cpprestsdk    | header cpprest/http_client.h
benchmark | curl              | curl                 | curl          | command -v curl
benchmark | gnuplot-nox       | gnuplot              | gnuplot       | command -v gnuplot
fuzz  | clang                 | clang                | llvm          | command -v clang++
fuzz  | libclang-rt-dev       | compiler-rt          | llvm          | fuzzer_links
analysis | clang-tidy         | clang-tools-extra    | llvm          | command -v clang-tidy
analysis | cppcheck           | cppcheck             | cppcheck      | command -v cppcheck
analysis | valgrind           | valgrind             |               | command -v valgrind || on_macos
coverage | gcovr              | gcovr                | gcovr         | command -v gcovr
END
}

on_macos() { [ "$(uname -s)" = Darwin ]; }
cmake_is_new_enough() { cmake --version | awk 'NR == 1 { split($3, v, "."); exit !(v[1] > 3 || v[1] == 3 && v[2] >= 22) }'; }
fuzzer_links() {
  local probe status=0
  probe=$(mktemp)
  echo 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }' |
    clang++ -fsanitize=fuzzer -x c++ - -o "$probe" || status=$?
  rm -f "$probe"
  return "$status"
}
header() {
  local place=/usr/include
  ! on_macos || ! command -v brew >/dev/null || place=$(brew --prefix)/include
  printf '#include <%s>\n' "$1" | c++ -std=c++17 -E -x c++ -I "$place" - >/dev/null
}

# Prints the packages of column $1 that are missing, each once.
missing() {
  local group debian fedora brew probe
  needs | while IFS='|' read -r group debian fedora brew probe; do
    case " $groups " in *" $(trim "$group") "*) ;; *) continue ;; esac
    eval "$probe" </dev/null >/dev/null 2>&1 || trim "${!1}"
  done | awk '!seen[$0]++'
}
trim() { awk '{ $1 = $1; print }' <<<"$1"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}
can_be_root() { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }

# The tests run servers of their own: those of the packages must neither start now nor at the next boot.
without_services() {
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod +x "$policy"
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  "$@"
  local service
  for service in nginx haproxy redis-server; do
    case " $* " in *" $service "*) disable_service "$service" ;; esac
  done
}
disable_service() { ! command -v systemctl >/dev/null || as_root systemctl --quiet disable "$1" || true; }
apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"
}
apt_install_with_fresh_lists() {
  as_root apt-get update
  apt_install "$@"
}

PATH=$PATH:/usr/sbin:/sbin
if command -v apt-get >/dev/null; then
  column=debian
elif command -v dnf >/dev/null; then
  column=fedora
else
  column=brew
fi
packages=$(missing $column | paste -s -d ' ' -)
[ -n "$packages" ] || exit 0

give_up() {
  say "Missing: $packages"
  say "$1"
  exit 1
}
case $column in
  debian)
    can_be_root || give_up "Install these packages as root: apt-get install $packages"
    # shellcheck disable=SC2086  # one word a package
    quietly "Installing $packages" without_services apt_install_with_fresh_lists $packages
    ;;
  fedora)
    can_be_root || give_up "Install these packages as root: dnf install $packages"
    # shellcheck disable=SC2086
    quietly "Installing $packages" as_root dnf install --assumeyes $packages
    ;;
  brew)
    command -v brew >/dev/null || give_up "Install what is missing with your system's package manager, then run this again."
    case " $packages " in *" c++ "*) give_up "Install a C++17 compiler (macOS: xcode-select --install), then run this again." ;; esac
    # shellcheck disable=SC2086
    quietly "Installing $packages" brew install $packages
    ;;
esac

packages=$(missing $column | paste -s -d ' ' -)
[ -z "$packages" ] || give_up "They were installed and are still not found."
