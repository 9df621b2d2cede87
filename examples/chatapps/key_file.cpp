#include "key_file.hpp"

#include <cerrno>
#include <chatapps/errors.hpp>
#include <cstdio>
#include <cstring>
#include <memory>

namespace chatapps::cli {

std::string readKeyFile(const std::string& path) {
  const auto refuse = [](const std::string& problem) { throw InvalidArgumentError("--api-key-file", problem); };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) refuse("'" + path + "' can not be opened: " + std::strerror(errno));
  char buffer[16 * 1024];  // far more than any key: a wrong file is not read to its end
  const auto size = std::fread(buffer, 1, sizeof buffer, file.get());
  if (std::ferror(file.get()) != 0) refuse("'" + path + "' can not be read: " + std::strerror(errno));
  std::string key(buffer, size);
  key.erase(key.find_last_not_of("\r\n") + 1);
  if (key.empty()) refuse("'" + path + "' is empty");
  return key;
}

}  // namespace chatapps::cli
