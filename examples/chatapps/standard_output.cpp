#include "standard_output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "descriptor.hpp"

namespace chatapps::cli {

void writeOutput(std::string_view text) {
  while (!text.empty()) {
    const auto count = write(STDOUT_FILENO, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EPIPE) {
      throw ReaderGone();
    } else if (!waitToWriteAgain(STDOUT_FILENO)) {
      throw OutputFailed(std::string("standard output can not be written: ") + std::strerror(errno));
    }
  }
}

}  // namespace chatapps::cli
