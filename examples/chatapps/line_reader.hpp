/// @file line_reader.hpp
/// Lines of a file or a pipe, read no sooner than they are asked for.
#pragma once

#include <cstddef>
#include <string>

namespace chatapps::cli {

/// An open file, closed when this goes; standard input for `-`.
class InputFile {
 public:
  /// Throws InvalidArgumentError when it can not be opened.
  explicit InputFile(const std::string& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  int descriptor() const noexcept { return descriptor_; }
  bool isRegular() const noexcept { return regular_; }

 private:
  int descriptor_ = 0;
  bool regular_ = false;
};

/// Reads with bounded memory: a line longer than `kLongestLine` is cut there, and said to be too long.
class LineReader {
 public:
  static constexpr std::size_t kLongestLine = 4096;

  enum class Got {
    Line,
    NothingYet,  ///< the other side of a pipe has not written it
    End,         ///< of the file, or an interrupt
  };

  /// `interrupt` is a descriptor whose readability ends the reading; -1: none.
  explicit LineReader(int input, int interrupt = -1) noexcept : input_(input), interrupt_(interrupt) {}

  /// The next line without its line break, LF or CRLF. `wait` says whether to wait for one.
  /// Throws InvalidArgumentError when the file can not be read.
  Got next(bool wait);

  const std::string& line() const noexcept { return line_; }
  bool tooLong() const noexcept { return tooLong_; }
  std::size_t number() const noexcept { return number_; }  ///< of the line, from 1

 private:
  Got fill(bool wait);
  bool takeFromBuffer();
  void finishLine();

  int input_;
  int interrupt_;
  std::string buffer_;
  std::size_t used_ = 0;  // of the buffer
  std::string partial_;
  bool partialTooLong_ = false;
  std::string line_;
  bool tooLong_ = false;
  std::size_t number_ = 0;
};

}  // namespace chatapps::cli
