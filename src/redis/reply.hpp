// What Redis answers, read from bytes that may be hostile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct redisReader;

namespace chatapps::redis {

struct Reply {
  enum class Kind { Text, Error, Integer, Nil, Array };
  Kind kind = Kind::Nil;
  std::string text;  ///< of Text and Error
  std::int64_t integer = 0;
  std::vector<std::unique_ptr<Reply>> elements;  ///< none of them is an array
};

/// The code that an error begins with, such as `NOSCRIPT`; `unknown` where it looks like none. Never holds more of what
/// Redis said.
std::string errorCode(const Reply& error);

/// The replies in a stream of bytes. Memory is bounded by what a reply to one of our commands can be.
class ReplyReader {
 public:
  ReplyReader();  ///< throws std::bad_alloc
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;
  ~ReplyReader();

  /// False: it is no reply that we could have asked for. Nothing can be read after that.
  bool feed(const char* bytes, std::size_t count);
  /// The next whole reply, if there is one. `isBroken` tells "not yet" from "never".
  std::optional<Reply> next();
  bool isBroken() const noexcept { return broken_; }

 private:
  struct Free {
    void operator()(redisReader* reader) const noexcept;
  };
  std::unique_ptr<redisReader, Free> reader_;
  std::size_t pending_ = 0;  // bytes since the last whole reply
  bool broken_ = false;
};

}  // namespace chatapps::redis
