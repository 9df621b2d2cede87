#include "decode/json_reader.hpp"

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "decode/json_feed.hpp"
#include "decode/shape_filler.hpp"

namespace chatapps::decode {
namespace {

/// What nlohmann's parser calls for each thing that it reads; false ends the reading. The names are nlohmann's.
class Events {
 public:
  Events(const JsonFeed& feed, ShapeFiller& filler) : feed_(feed), filler_(filler) {}

  bool null() { return other(); }
  bool boolean(bool) { return other(); }
  bool number_float(double, const std::string&) { return other(); }
  bool number_integer(std::int64_t value) {
    filler_.integer(value);
    return true;
  }
  bool number_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return other();
    return number_integer(static_cast<std::int64_t>(value));
  }
  bool string(const std::string& lexed) {
    filler_.text(text(lexed));
    return true;
  }
  bool binary(const nlohmann::json::binary_t&) { return other(); }  // only in nlohmann's other formats

  bool key(const std::string& lexed) {
    filler_.key(text(lexed));
    return true;
  }
  bool start_object(std::size_t) { return filler_.start(Type::Object); }
  bool start_array(std::size_t) { return filler_.start(Type::Array); }
  bool end_object() { return end(); }
  bool end_array() { return end(); }

  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) {
    malformed = true;
    return false;
  }

  bool malformed = false;

 private:
  std::string_view text(const std::string& lexed) const { return lexed.empty() ? feed_.plain() : lexed; }
  bool other() {
    filler_.other();
    return true;
  }
  bool end() {
    filler_.end();
    return true;
  }

  const JsonFeed& feed_;
  ShapeFiller& filler_;
};

Problem malformed(const JsonFeed& feed) {
  const std::string position = std::to_string(feed.position());
  if (!feed.ended()) return {"", "expected JSON at byte " + position};
  if (feed.position() == 0) return {"", "expected JSON, the body is empty"};
  return {"", "expected more JSON after byte " + position, true};
}

}  // namespace

std::optional<Problem> readJson(std::string_view json, const Shape& shape, void* object) {
  JsonFeed feed(json);
  ShapeFiller filler(shape, object);
  Events events(feed, filler);
  const bool whole = nlohmann::json::sax_parse(JsonFeed::Iterator(&feed), JsonFeed::Iterator(nullptr), &events);
  // nlohmann takes a NUL for the end of the text, and is content with what stood before it.
  if (events.malformed || (whole && !feed.ended())) return malformed(feed);
  return filler.problem();
}

}  // namespace chatapps::decode
