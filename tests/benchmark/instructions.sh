# Sourced: what one of many equal things costs, in instructions of the process itself.
# instructions_of_one FEWER MORE COMMAND...: a word % of the command stands for how many. The start is left out by
# counting twice and taking the difference.
instructions_of_one() {
  local fewer=$1 more=$2 first second
  shift 2
  first=$(instructions "${@//%/$fewer}") || return 1
  second=$(instructions "${@//%/$more}") || return 1
  echo $(((second - first) / (more - fewer)))
}

instructions() {
  local said
  # The address space as it is without chance, and no instructions that only some processors have.
  if ! said=$(GLIBC_TUNABLES=$same_everywhere valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null); then
    printf '%s\n' "$said" >&2
    return 1
  fi
  awk '/ Collected : / { print $4 }' <<<"$said"
}

# Copying and comparing in the C library depends on the processor; these are ways that each x86-64 has.
same_everywhere=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,-FSRM,-EVEX,-BMI1,-BMI2,-RTM,-LZCNT,-MOVBE,-SSE4_1,-SSE4_2,-SSSE3,-POPCNT
