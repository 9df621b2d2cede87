// How a body reaches nlohmann's lexer, which spends most of its time and memory on single characters.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace chatapps::decode {

/// Hands out a JSON text one character at a time, leaving out what the lexer need not see. What is left is JSON exactly
/// when the text is:
/// - A string of plain ASCII without escapes is handed out as `""`; `plain()` is its text. The lexer decodes and checks
///   all others.
/// - White space is left out where it separates nothing.
/// - Of a number, only so many digits are handed out that it stays a number of its kind and finite: nlohmann calls 1e400
///   a syntax error, and here it is no more than a number that is no integer.
class JsonFeed {
 public:
  explicit JsonFeed(std::string_view json) noexcept
      : begin_(json.data()), next_(begin_), end_(begin_ + json.size()), read_(begin_) {}

  bool more() noexcept {
    if (next_ != end_) return true;
    ended_ = true;
    read_ = end_;
    return false;
  }
  char character() const noexcept { return *next_; }
  void advance() noexcept;

  /// The last string's text where `""` was handed out for it; else empty.
  std::string_view plain() const noexcept { return plain_; }
  /// How many bytes were read for what was handed out.
  std::size_t position() const noexcept { return static_cast<std::size_t>(read_ - begin_); }
  /// Whether the reader wanted more than there is.
  bool ended() const noexcept { return ended_; }

  /// What `nlohmann::json::sax_parse` takes: an input iterator.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = char;

    explicit Iterator(JsonFeed* feed) noexcept : feed_(feed) {}
    char operator*() const noexcept { return feed_->character(); }
    Iterator& operator++() noexcept {
      feed_->advance();
      return *this;
    }
    // The parser only ever compares with the end.
    bool operator!=(const Iterator&) const noexcept { return feed_->more(); }
    bool operator==(const Iterator&) const noexcept { return !feed_->more(); }

   private:
    JsonFeed* feed_;
  };

 private:
  enum class Within { Nothing, PlainString, String, Escape };
  static constexpr int kIntegerDigits = 20;  // more than a 64-bit integer has, so that none becomes one by being cut

  static bool isDigit(char c) noexcept { return c >= '0' && c <= '9'; }
  static bool isBlank(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
  void open() noexcept;
  void skipBlanks() noexcept {
    while (next_ != end_ && isBlank(*next_)) ++next_;
  }

  const char* begin_;
  const char* next_;
  const char* end_;
  const char* read_;
  std::string_view plain_;
  Within within_ = Within::Nothing;
  int digitsLeft_ = kIntegerDigits;  // of the run of digits at hand
  bool ended_ = false;
};

/// Which bytes stand for themselves in a string, as a table: most of a body goes through this test.
struct PlainBytes {
  constexpr PlainBytes() noexcept {
    for (unsigned char c = 0x20; c < 0x7F; ++c) is[c] = c != '"' && c != '\\';
  }
  bool is[256] = {};
};
inline constexpr PlainBytes kPlainBytes;

inline void JsonFeed::open() noexcept {
  const char* end = next_;
  while (end != end_ && kPlainBytes.is[static_cast<unsigned char>(*end)]) ++end;
  if (end != end_ && *end == '"') {
    plain_ = std::string_view(next_, static_cast<std::size_t>(end - next_));
    next_ = end;
    within_ = Within::PlainString;
  } else {
    plain_ = {};
    within_ = Within::String;
  }
}

inline void JsonFeed::advance() noexcept {
  const char c = *next_++;
  read_ = next_;
  switch (within_) {
    case Within::Escape: within_ = Within::String; return;
    case Within::String:
      if (c == '\\') within_ = Within::Escape;
      if (c != '"') return;
      break;
    case Within::PlainString: break;
    case Within::Nothing:
      if (c == '"') return open();
      if (isDigit(c)) {
        if (--digitsLeft_ > 0) return;
        while (next_ != end_ && isDigit(*next_)) ++next_;
        return;
      }
      if (c == '+' || c == '-') return;
      digitsLeft_ = c == '.' || c == 'e' || c == 'E' ? 1 : kIntegerDigits;
      if (c != ',' && c != ':' && c != '{' && c != '[' && c != '}' && c != ']' && !isBlank(c)) return;
      break;
  }
  within_ = Within::Nothing;
  skipBlanks();
}

}  // namespace chatapps::decode
