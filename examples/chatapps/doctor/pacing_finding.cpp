#include "doctor/pacing_finding.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace chatapps::cli {
namespace {

constexpr const char* kName = "pacing file";
constexpr std::array<char, 8> kKind = {'c', 'h', 'a', 't', 'p', 'a', 'c', 'e'};
constexpr std::uint64_t kVersion = 1;

std::string modeText(mode_t mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode & 07777));
  return text;
}

Finding unusable(const std::string& path, const std::string& why, const std::string& advice) {
  return note(kName, path + " " + why, advice + " Until then each process paces itself alone.");
}

Finding willBeMade(const std::string& path) { return good(kName, path + ", made at the first call"); }

std::string folderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// What is wrong with something that has to be the user's own, or nothing.
std::string notOwn(const struct stat& status) {
  if (S_ISLNK(status.st_mode)) return "is a link";
  if (status.st_uid != geteuid()) return "belongs to another user";
  if ((status.st_mode & 077) != 0) return "is open to other users (mode " + modeText(status.st_mode) + ")";
  return {};
}

/// What is wrong with the content of a file, or nothing. Where its making was cut off it begins with zeros.
std::string notPacing(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return std::string("can not be opened: ") + std::strerror(errno);
  struct {
    std::array<char, kKind.size()> kind;
    std::uint64_t version;
  } header{};
  const auto size = read(file, &header, sizeof header);
  close(file);
  if (size < 0 || (header.kind != kKind && header.kind != decltype(header.kind){})) return "is not a pacing file";
  return header.version == kVersion || header.version == 0 ? "" : "is of another version";
}

Finding fileFinding(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT && access(folderOf(path).c_str(), W_OK | X_OK) == 0) return willBeMade(path);
    return unusable(path, std::string("can not be made: ") + std::strerror(errno), "Name another with --pacing-file.");
  }
  const std::string advice = "Remove it, or name another with --pacing-file.";
  if (const auto wrong = notOwn(status); !wrong.empty()) return unusable(path, wrong, advice);
  if (!S_ISREG(status.st_mode)) return unusable(path, "is not a file", advice);
  if (status.st_nlink > 1) return unusable(path, "has other names", advice);
  if (const auto wrong = notPacing(path); !wrong.empty()) return unusable(path, wrong, advice);
  if (status.st_size == 0) return willBeMade(path);
  return good(kName, path + ", mode " + modeText(status.st_mode) + ", in use");
}

std::string fromEnvironment(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && value[0] == '/' ? value : "";
}

bool isOwn(const std::string& folder) {
  struct stat status {};
  return stat(folder.c_str(), &status) == 0 && status.st_uid == geteuid();
}

/// The user's own folder for it, where it is or would be made.
std::string ownFolder() {
  const auto usable = [](const std::string& parent, const std::string& folder) {
    return !parent.empty() && (access(folder.c_str(), F_OK) == 0 || access(parent.c_str(), W_OK | X_OK) == 0);
  };
  const std::string ofUser = "/chatapps-" + std::to_string(geteuid());
  const std::string runtime = fromEnvironment("XDG_RUNTIME_DIR"), temporary = fromEnvironment("TMPDIR");
  if (isOwn(runtime) && usable(runtime, runtime + "/chatapps")) return runtime + "/chatapps";
  if (usable(temporary, temporary + ofUser)) return temporary + ofUser;
  return "/tmp" + ofUser;
}

}  // namespace

Finding pacingFileFinding(const std::string& given) {
  if (!given.empty()) return fileFinding(given);
  const std::string folder = ownFolder();
  const std::string path = folder + "/pacing";
  struct stat status {};
  if (lstat(folder.c_str(), &status) != 0) {
    if (errno == ENOENT && access(folderOf(folder).c_str(), W_OK | X_OK) == 0) return willBeMade(path);
    return unusable(folder, std::string("can not be made: ") + std::strerror(errno), "Name a file with --pacing-file.");
  }
  std::string wrong = notOwn(status);
  if (wrong.empty() && !S_ISDIR(status.st_mode)) wrong = "is not a folder";
  if (!wrong.empty()) return unusable(folder, wrong, "Remove it, or chmod 700 it if it is yours.");
  return fileFinding(path);
}

}  // namespace chatapps::cli
