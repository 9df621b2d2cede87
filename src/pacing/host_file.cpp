#include "pacing/host_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>
#include <vector>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace chatapps::pacing {

#ifdef _WIN32

HostFile::HostFile(const std::string&) { throw HostFileError("processes can not share pacing on this system"); }
HostFile::~HostFile() = default;
void HostFile::Unmap::operator()(void*) const noexcept {}
bool HostFile::isStillThere() const noexcept { return false; }

#else

namespace {
constexpr std::uint64_t kKind = 0x65636170'74616863;  // "chatpace" where the low byte comes first
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 4096;  // its own page
constexpr std::size_t kBytes = kHeaderBytes + HostSlots::kCount * sizeof(HostSlot);

struct Header {
  std::atomic<std::uint64_t> kind;
  std::atomic<std::uint64_t> version;
};

class Descriptor {
 public:
  explicit Descriptor(int value) noexcept : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  int get() const noexcept { return value_; }
  int release() noexcept { return std::exchange(value_, -1); }

 private:
  int value_;
};

[[noreturn]] void fail(const std::string& path, const std::string& problem) {
  throw HostFileError(path + " " + problem);
}

[[noreturn]] void failWithErrno(const std::string& path, const std::string& what) {
  fail(path, what + ": " + std::generic_category().message(errno));
}

void checkOwn(const std::string& path, const struct stat& status) {
  if (status.st_uid != geteuid()) fail(path, "belongs to another user");
  if ((status.st_mode & 077) != 0) fail(path, "is open to other users");
}

std::string fromEnvironment(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && value[0] == '/' ? value : "";
}

// As root, by `sudo -E` for one, it may be another user's: what root makes there that user can not use.
bool isOwn(const std::string& folder) {
  struct stat status {};
  return stat(folder.c_str(), &status) == 0 && status.st_uid == geteuid();
}

// Where the file may be, best first.
std::vector<std::string> ownFolders() {
  std::vector<std::string> folders;
  const std::string ofUser = "/chatapps-" + std::to_string(geteuid());
  if (const auto runtime = fromEnvironment("XDG_RUNTIME_DIR"); isOwn(runtime)) folders.push_back(runtime + "/chatapps");
  if (const auto temporary = fromEnvironment("TMPDIR"); !temporary.empty()) folders.push_back(temporary + ofUser);
  folders.push_back("/tmp" + ofUser);
  return folders;
}

int openFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return -1;
  Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (folder.get() < 0) failWithErrno(path, "is not a folder that can be used");
  struct stat status {};
  if (fstat(folder.get(), &status) != 0) failWithErrno(path, "can't be looked at");
  checkOwn(path, status);
  return folder.release();
}

int openFile(int folder, const std::string& name, const std::string& path) {
  const int file = openat(folder, name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
  if (file < 0) failWithErrno(path, "can't be opened");
  return file;
}

int openOwn(std::string& path) {
  const std::vector<std::string> folders = ownFolders();
  for (const auto& place : folders) {
    const Descriptor folder(openFolder(place));
    if (folder.get() < 0 && &place != &folders.back()) continue;
    path = place + "/pacing";
    if (folder.get() < 0) failWithErrno(place, "can't be made");
    return openFile(folder.get(), "pacing", path);
  }
  return -1;
}

// Room on the disk for all of it: a page that could not be written later would be a SIGBUS. Gives the error, or 0.
int reserve(int file) noexcept {
#ifdef __linux__
  int error = 0;
  do {  // writes zeros where the file system can not reserve room
    error = posix_fallocate(file, 0, static_cast<off_t>(kBytes));
  } while (error == EINTR);
  return error;
#else
  return ftruncate(file, static_cast<off_t>(kBytes)) == 0 ? 0 : errno;
#endif
}

void grow(int file, const std::string& path) {
  rlimit largest{};
  if (getrlimit(RLIMIT_FSIZE, &largest) == 0 && largest.rlim_cur < kBytes) fail(path, "may not be that large");
  errno = reserve(file);
  if (errno != 0) failWithErrno(path, "has no room");
}

void checkOrSet(std::atomic<std::uint64_t>& word, std::uint64_t expected, const std::string& path,
                const char* problem) {
  std::uint64_t seen = 0;
  if (!word.compare_exchange_strong(seen, expected) && seen != expected) fail(path, problem);
}
}  // namespace

HostFile::HostFile(const std::string& given) {
  std::string path = given;
  Descriptor file(path.empty() ? openOwn(path) : openFile(AT_FDCWD, path, path));
  struct stat status {};
  if (fstat(file.get(), &status) != 0) failWithErrno(path, "can't be looked at");
  if (!S_ISREG(status.st_mode)) fail(path, "is not a file");
  checkOwn(path, status);
  if (status.st_nlink > 1) fail(path, "has other names");
  const auto size = static_cast<std::size_t>(status.st_size);
  // Somebody else's file is not made larger: ours begins with its kind, or with zeros where its making was cut off.
  std::uint64_t head[2] = {};  // kind and version
  const bool isOurs = (size == 0 || pread(file.get(), head, sizeof head, 0) >= 0) && (head[0] == 0 || head[0] == kKind);
  if (isOurs && head[1] != 0 && head[1] != kVersion) fail(path, "is of another version");
  if (!isOurs || size > kBytes) fail(path, "is not a pacing file");
  if (size < kBytes) grow(file.get(), path);
  void* const memory = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (memory == MAP_FAILED) failWithErrno(path, "can't be mapped");
  memory_.reset(memory);
  auto* const header = static_cast<Header*>(memory);
  checkOrSet(header->kind, kKind, path, "is not a pacing file");
  checkOrSet(header->version, kVersion, path, "is of another version");
  slots_ = HostSlots(reinterpret_cast<HostSlot*>(static_cast<char*>(memory) + kHeaderBytes));
  descriptor_ = file.release();
}

HostFile::~HostFile() { close(descriptor_); }

void HostFile::Unmap::operator()(void* memory) const noexcept { munmap(memory, kBytes); }

bool HostFile::isStillThere() const noexcept {
  struct stat status {};
  return fstat(descriptor_, &status) == 0 && status.st_nlink == 1 && static_cast<std::size_t>(status.st_size) == kBytes;
}

#endif

}  // namespace chatapps::pacing
