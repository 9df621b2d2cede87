#include "testing/json_object.hpp"

namespace chatapps::testing {

void JsonObject::text(std::string_view name, std::string_view value) {
  key(name);
  quoted(value);
}

void JsonObject::integer(std::string_view name, std::int64_t value) {
  key(name);
  json_ += std::to_string(value);
}

void JsonObject::optionalText(std::string_view name, const std::optional<std::string>& value) {
  if (value) text(name, *value);
}

JsonObject JsonObject::object(std::string_view name) {
  key(name);
  return JsonObject(json_);
}

void JsonObject::quoted(std::string_view text) {
  json_ += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json_ += '\\';
      json_ += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      json_ += c < 0x10 ? "\\u000" : "\\u001";
      json_ += "0123456789abcdef"[c & 15];
    } else {
      json_ += c;
    }
  }
  json_ += '"';
}

void JsonObject::key(std::string_view name) {
  if (json_.back() != '{') json_ += ',';
  quoted(name);
  json_ += ':';
}

}  // namespace chatapps::testing
