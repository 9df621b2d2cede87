// A folder that goes when the test ends.
#pragma once

#include <filesystem>
#include <string>

namespace chatapps::support {

class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// The whole content; empty where there is no such file.
std::string readFile(const std::filesystem::path& path);

}  // namespace chatapps::support
