#include "standard_error.hpp"

#include <unistd.h>

#include <utility>

#include "descriptor.hpp"

namespace chatapps::cli {
namespace {

constexpr const char* kEraseLine = "\r\x1b[K";

/// Trouble with standard error can be told nowhere, so it is left alone.
void writeAll(std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(STDERR_FILENO, text.data(), text.size());
    if (count < 0 && !waitToWriteAgain(STDERR_FILENO)) return;
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

void StandardError::write(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  std::string text;
  if (!bar_.empty()) text += kEraseLine;
  text += lines;
  text += bar_;
  writeAll(text);
}

void StandardError::drawBar(std::string bar) {
  const std::lock_guard lock(mutex_);
  bar_ = std::move(bar);
  writeAll(kEraseLine + bar_);
}

void StandardError::eraseBar() {
  const std::lock_guard lock(mutex_);
  if (!bar_.empty()) writeAll(kEraseLine);
  bar_.clear();
}

}  // namespace chatapps::cli
