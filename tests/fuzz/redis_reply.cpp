// The first byte says in how large pieces the others arrive.
#include "redis/reply.hpp"

#include <algorithm>
#include <string>

#include "fuzz_target.hpp"

namespace chatapps::fuzz {
namespace {

void look(const redis::Reply& reply) {
  promise(reply.elements.size() <= 8, "a reply has few elements");
  for (const auto& element : reply.elements) {
    promise(element && element->kind != redis::Reply::Kind::Array, "none is missing, none is an array");
    look(*element);
  }
  if (reply.kind == redis::Reply::Kind::Error) promisePrintable(redis::errorCode(reply));
}

/// How many replies there are; negative where the stream breaks after them.
int read(std::string_view bytes, std::size_t piece) {
  redis::ReplyReader reader;
  int replies = 0;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    reader.feed(bytes.data(), std::min(piece, bytes.size()));
    while (const auto reply = reader.next()) {
      look(*reply);
      ++replies;
    }
    if (reader.isBroken()) return -1 - replies;
  }
  return replies;
}

void run(std::string_view input) {
  if (input.empty() || input.size() > 8192) return;
  const std::size_t piece = 1 + static_cast<unsigned char>(input.front()) % 16;
  promise(read(input.substr(1), piece) == read(input.substr(1), input.size()),
          "it does not matter how the bytes arrive");
}

const Registered registered("redis_reply", run);

}  // namespace
}  // namespace chatapps::fuzz
