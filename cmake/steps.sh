# Sourced by the scripts of this repository: progress on stderr, the output of a step only where it fails.

say() { printf '%s\n' "$*" >&2; }

# quietly WHAT COMMAND...
quietly() {
  local what=$1 log
  shift
  say "- $what"
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
  else
    cat "$log" >&2
    rm -f "$log"
    say "Failed: $what"
    return 1
  fi
}

# configure SOURCE BUILD OPTION...: with Ninja where there is one; a folder that is configured already keeps its generator.
configure() {
  local source=$1 build=$2 generator=()
  shift 2
  [ -e "$build/CMakeCache.txt" ] || ! command -v ninja >/dev/null || generator=(-G Ninja)
  cmake -S "$source" -B "$build" ${generator[@]+"${generator[@]}"} "$@"
}

# configure_default ROOT OPTION...: the build that the scripts share. Without debug information, which takes a third of the
# compiler's time; a build of your own has it.
configure_default() {
  local root=$1
  shift
  quietly "Configuring build/default" configure "$root" "$root/build/default" \
    -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O2 -DNDEBUG" "$@"
}

processors() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }
