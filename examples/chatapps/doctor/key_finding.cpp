#include "doctor/key_finding.hpp"

#include <algorithm>
#include <chatapps/errors.hpp>
#include <cstdlib>

#include "key_file.hpp"

namespace chatapps::cli {
namespace {

Finding shapeFinding(const std::string& key, const std::string& source) {
  const std::string shape = std::to_string(key.size()) + " characters, from " + source;
  const auto unsendable = std::count_if(key.begin(), key.end(), [](char c) { return c <= ' ' || c >= 0x7f; });
  if (key.size() > 4096) {
    return problem("API key", kUsage, shape + ", more than 4096", "Copy it again from 8x8 Connect, and nothing else.");
  }
  if (unsendable == 0) return good("API key", shape + "; only a call tells whether it is accepted");
  return problem("API key", kUsage,
                 shape + ", of which " + std::to_string(unsendable) + " are spaces, controls or not ASCII",
                 "Copy it again from 8x8 Connect: quotes, blanks and line breaks are not part of it.");
}

}  // namespace

Finding keyFinding(const std::string& file) {
  if (!file.empty()) {
    try {
      return shapeFinding(readKeyFile(file), file);
    } catch (const InvalidArgumentError& error) {
      return problem("API key", kUsage, error.what(), "Name a file that holds the key and nothing else.");
    }
  }
  const char* const key = std::getenv("CHATAPPS_API_KEY");
  if (key != nullptr && key[0] != '\0') return shapeFinding(key, "CHATAPPS_API_KEY");
  return problem("API key", kUsage, "there is none", "Set CHATAPPS_API_KEY or give --api-key-file.");
}

}  // namespace chatapps::cli
