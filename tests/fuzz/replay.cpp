// replay FOLDER...: runs each target on the files in its subfolder of each folder, and on every prefix of them, since
// what is cut short is what comes most often. Needs no fuzzer.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fuzz_target.hpp"

int main(int count, char** arguments) try {
  namespace fs = std::filesystem;
  bool all = true;
  for (const auto& target : chatapps::fuzz::targets()) {
    std::size_t files = 0;
    for (int i = 1; i < count; ++i) {
      const fs::path folder = fs::path(arguments[i]) / target.name;
      if (!fs::exists(folder)) continue;
      for (const auto& entry : fs::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string input(std::istreambuf_iterator<char>(file), {});
        for (std::size_t length = 0; length <= input.size(); ++length) target.run(input.substr(0, length));
        ++files;
      }
    }
    std::printf("%-16s %3zu inputs\n", target.name, files);
    all = all && files > 0;
  }
  if (!all) std::fprintf(stderr, "A target has no input.\n");
  return all ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
