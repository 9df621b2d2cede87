// The published examples, byte for byte.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace chatapps::testing {

/// A file of tests/data.
inline std::string testData(const std::string& name) {
  std::ifstream file(CHATAPPS_TEST_DATA "/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("no test data named " + name);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace chatapps::testing
