#include "input_text.hpp"

#include <unistd.h>

#include <array>
#include <chatapps/errors.hpp>
#include <cstddef>

#include "descriptor.hpp"
#include "line_reader.hpp"

namespace chatapps::cli {

std::string readAll(const std::string& path) {
  constexpr std::size_t kMost = (1 << 20) + 4096;
  const InputFile file(path);
  std::string text;
  std::array<char, 65536> part;
  while (text.size() < kMost) {
    const ssize_t count = read(file.descriptor(), part.data(), part.size());
    if (count == 0) break;
    if (count < 0 && waitToReadAgain(file.descriptor())) continue;
    if (count < 0) throw InvalidArgumentError("FILE", "can not be read");
    text.append(part.data(), static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace chatapps::cli
