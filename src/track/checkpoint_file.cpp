#include "track/checkpoint_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <utility>

#include "chatapps/tracker.hpp"

#ifndef _WIN32
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace chatapps::track {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& problem) { throw CheckpointError(path, 0, problem); }

}  // namespace

#ifdef _WIN32

CheckpointFile::CheckpointFile(std::string path) {
  fail(path, "can not be used: there are no checkpoints on this system");
}
CheckpointFile::~CheckpointFile() = default;
void CheckpointFile::refuseInChild() const {}
std::string CheckpointFile::read() const { return {}; }
void CheckpointFile::append(std::string_view, bool) {}
void CheckpointFile::replace(std::string_view) {}

#else

namespace {

[[noreturn]] void failWithErrno(const std::string& path, const char* what) {
  fail(path, std::string(what) + ": " + std::generic_category().message(errno));
}

int openRetrying(const char* path, int flags) {
  int descriptor = -1;
  do {
    descriptor = open(path, flags | O_CLOEXEC, 0600);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

/// The path without links; empty where there is no such file.
std::string withoutLinks(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), std::free);
  return real ? real.get() : "";
}

/// What the group may, it may only as long as it is the same group.
bool takeMode(int to, int from) {
  struct stat facts {};
  if (fstat(from, &facts) != 0) return false;
  const bool sameGroup =
      fchown(to, facts.st_uid, facts.st_gid) == 0 || fchown(to, static_cast<uid_t>(-1), facts.st_gid) == 0;
  return fchmod(to, facts.st_mode & (sameGroup ? 0777 : 0707)) == 0;
}

/// A name is on the disk once its folder is. Where the user may not open it, or the file system can not, that is all
/// there is to have.
bool syncFolderOf(const std::string& path) {
  const int folder = openRetrying(path.substr(0, path.rfind('/') + 1).c_str(), O_RDONLY);
  if (folder < 0) return errno == EACCES;
  const bool synced = fsync(folder) == 0 || errno == EINVAL;
  const int problem = errno;
  close(folder);
  errno = problem;
  return synced;
}

/// Whether the path still leads to the open file: another tracker may have replaced it just before it was locked.
bool leadsTo(const std::string& path, int descriptor) {
  struct stat there {
  }, here{};
  return stat(path.c_str(), &there) == 0 && fstat(descriptor, &here) == 0 && there.st_dev == here.st_dev &&
         there.st_ino == here.st_ino;
}

bool writeAll(int descriptor, std::string_view text, std::size_t at) {
  while (!text.empty()) {
    const ssize_t written = pwrite(descriptor, text.data(), text.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
    at += static_cast<std::size_t>(written);
  }
  return true;
}

}  // namespace

CheckpointFile::CheckpointFile(std::string path) : path_(std::move(path)) {
  while (true) {
    descriptor_ = openRetrying(path_.c_str(), O_RDWR | O_CREAT);
    if (descriptor_ < 0) failWithErrno(path_, "can not be opened");
    struct stat facts {};
    const bool isFile = fstat(descriptor_, &facts) == 0 && S_ISREG(facts.st_mode);
    if (isFile && flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {
      target_ = withoutLinks(path_);
      if (leadsTo(target_, descriptor_)) return;
      close(descriptor_);
      continue;
    }
    const int problem = errno;
    close(descriptor_);
    if (!isFile) fail(path_, "is not a file");
    if (problem == EWOULDBLOCK) fail(path_, "is in use by another tracker: end that one first");
    errno = problem;
    failWithErrno(path_, "can not be locked");
  }
}

CheckpointFile::~CheckpointFile() {
  if (process_ == processId()) flock(descriptor_, LOCK_UN);  // a child that lives on holds it open as well
  close(descriptor_);
}

void CheckpointFile::refuseInChild() const {
  if (process_ == processId()) return;
  fail(path_, "is its parent's in this child of fork(): open a tracker anew, with a checkpoint of its own");
}

std::string CheckpointFile::read() const {
  std::string text;
  char part[65536];
  while (true) {
    const ssize_t got = pread(descriptor_, part, sizeof part, static_cast<off_t>(text.size()));
    if (got == 0) return text;
    if (got < 0 && errno != EINTR) failWithErrno(path_, "can not be read");
    if (got > 0) text.append(part, static_cast<std::size_t>(got));
  }
}

void CheckpointFile::append(std::string_view text, bool durable) {
  refuseInChild();
  // What was written before without being counted must not stand behind this.
  if (ftruncate(descriptor_, static_cast<off_t>(size_)) != 0 || !writeAll(descriptor_, text, size_) ||
      (durable && fsync(descriptor_) != 0)) {
    failWithErrno(path_, "can not be written");
  }
  size_ += text.size();
}

void CheckpointFile::replace(std::string_view text) {
  refuseInChild();
  const std::string temporary = target_ + ".new";
  unlink(temporary.c_str());  // of a tracker that died meanwhile, or a trap
  const int next = openRetrying(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL);
  const bool written = next >= 0 && flock(next, LOCK_EX | LOCK_NB) == 0 && takeMode(next, descriptor_) &&
                       writeAll(next, text, 0) && fsync(next) == 0 &&
                       std::rename(temporary.c_str(), target_.c_str()) == 0;
  if (!written) {
    const int problem = errno;
    if (next >= 0) unlink(temporary.c_str());  // it may have taken the last of the disk, which the file itself needs
    if (next >= 0) close(next);
    errno = problem;
    failWithErrno(path_, "can not be written anew beside itself");
  }
  close(std::exchange(descriptor_, next));
  size_ = text.size();
  if (!syncFolderOf(target_)) failWithErrno(path_, "can not be written");
}

#endif

}  // namespace chatapps::track
