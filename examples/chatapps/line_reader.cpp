#include "line_reader.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <chatapps/errors.hpp>

#include <cerrno>
#include <cstring>
#include <utility>

namespace chatapps::cli {
namespace {

constexpr std::size_t kBlock = 65'536;

void refuse(const std::string& path, int problem) {
  throw InvalidArgumentError("FILE", "'" + path + "' can not be read: " + std::strerror(problem));
}

}  // namespace

InputFile::InputFile(const std::string& path) {
  if (path != "-") descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) refuse(path, errno);
  struct stat facts {};
  if (fstat(descriptor_, &facts) != 0) refuse(path, errno);
  if (S_ISDIR(facts.st_mode)) refuse(path, EISDIR);
  regular_ = S_ISREG(facts.st_mode);
}

InputFile::~InputFile() {
  if (descriptor_ > 0) close(descriptor_);
}

LineReader::Got LineReader::next(bool wait) {
  while (!takeFromBuffer()) {
    const auto got = fill(wait);
    if (got == Got::NothingYet) return got;
    if (got == Got::Line) continue;
    if (partial_.empty()) return Got::End;
    finishLine();  // the last line needs no line break
    break;
  }
  return Got::Line;
}

/// Reads one more block: `Line` when there is one.
LineReader::Got LineReader::fill(bool wait) {
  while (true) {
    pollfd watched[2] = {{input_, POLLIN, 0}, {interrupt_, POLLIN, 0}};
    const int ready = poll(watched, 2, wait ? -1 : 0);
    if (ready < 0 && errno == EINTR) continue;
    if (watched[1].revents != 0) {
      partial_.clear();  // half a line is none
      return Got::End;
    }
    if (ready == 0) return Got::NothingYet;
    buffer_.resize(kBlock);
    used_ = 0;
    const auto count = read(input_, buffer_.data(), buffer_.size());
    buffer_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    if (count < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) continue;
    if (count < 0) throw InvalidArgumentError("FILE", std::string("can not be read: ") + std::strerror(errno));
    return count > 0 ? Got::Line : Got::End;
  }
}

/// Moves a line, or the beginning of one, out of the buffer; true for a whole line.
bool LineReader::takeFromBuffer() {
  const auto end = buffer_.find('\n', used_);
  const bool whole = end != std::string::npos;
  const auto part = buffer_.substr(used_, (whole ? end : buffer_.size()) - used_);
  used_ = whole ? end + 1 : buffer_.size();
  const auto room = kLongestLine - partial_.size();
  if (part.size() > room) partialTooLong_ = true;
  partial_.append(part, 0, room);
  if (whole) finishLine();
  return whole;
}

void LineReader::finishLine() {
  line_ = std::exchange(partial_, {});
  tooLong_ = std::exchange(partialTooLong_, false);
  if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  ++number_;
}

}  // namespace chatapps::cli
