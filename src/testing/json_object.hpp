// Writes JSON objects member by member: the sandbox's answers are small, and their members have the API's own order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chatapps::testing {

/// Appends an object to a text, which must outlive it. Members of an inner object are written before the outer goes on.
class JsonObject {
 public:
  explicit JsonObject(std::string& json) : json_(json) { json_ += '{'; }

  void text(std::string_view name, std::string_view value);
  void integer(std::string_view name, std::int64_t value);
  /// Writes nothing where there is no value.
  void optionalText(std::string_view name, const std::optional<std::string>& value);
  JsonObject object(std::string_view name);
  void end() { json_ += '}'; }

 private:
  void quoted(std::string_view text);
  void key(std::string_view name);

  std::string& json_;
};

}  // namespace chatapps::testing
