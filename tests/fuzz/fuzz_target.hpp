// What a fuzzer runs: a function that takes any bytes, and ends the program where a promise does not hold.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "chatapps/printable.hpp"

namespace chatapps::fuzz {

/// Named after its folder of inputs. A program holds one of them for libFuzzer, or all of them to replay.
struct Target {
  const char* name;
  void (*run)(std::string_view input);
};

inline std::vector<Target>& targets() {
  static std::vector<Target> all;
  return all;
}

struct Registered {
  Registered(const char* name, void (*run)(std::string_view)) { targets().push_back({name, run}); }
};

inline void promise(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "A promise does not hold: %s\n", what);
  std::abort();
}

/// Nothing in it that a terminal or a log could act on.
inline void promisePrintable(std::string_view text) {
  promise(printable(text, text.size()) == text, "the text of an error is printable");
}

/// The input up to a line's end, which is taken away with it.
inline std::string_view takeLine(std::string_view& input) {
  const std::size_t end = input.find('\n');
  const std::string_view line = input.substr(0, end);
  input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
  return line;
}

}  // namespace chatapps::fuzz
