#include "decode/scenario_object.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "chatapps/errors.hpp"
#include "chatapps/printable.hpp"

namespace chatapps::decode {
namespace {

std::string pointerTo(const std::string& name) { return (nlohmann::json::json_pointer() / name).to_string(); }

std::optional<Clock::duration> parseDuration(std::string_view text) {
  struct Unit {
    std::string_view name;
    double nanoseconds;
  };
  static constexpr Unit kUnits[] = {{"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}, {"d", 86400e9}};

  // By hand: the library's own functions follow the program's locale.
  double number = 0;
  double scale = 1;
  bool afterPoint = false;
  std::size_t digits = 0;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !afterPoint && digits > 0) {
      afterPoint = true;
    } else if (c >= '0' && c <= '9') {
      number = number * 10 + (c - '0');
      if (afterPoint) scale *= 10;
      ++digits;
    } else {
      break;
    }
  }
  if (digits == 0 || digits > 15 || text[i - 1] == '.') return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (text.substr(i) != unit.name) continue;
    const double nanoseconds = number / scale * unit.nanoseconds;
    if (nanoseconds > 9e18) return std::nullopt;
    return Clock::duration(std::llround(nanoseconds));
  }
  return std::nullopt;
}

template <class Integer>
bool fits(const nlohmann::json& json) {
  if (!json.is_number_integer()) return false;
  using Limits = std::numeric_limits<Integer>;
  if (json.is_number_unsigned()) {
    return json.get<std::uint64_t>() <= static_cast<std::uint64_t>((Limits::max)());
  }
  return Limits::is_signed && json.get<std::int64_t>() >= static_cast<std::int64_t>((Limits::min)());
}

template <class Integer>
std::string rangeOf() {
  using Limits = std::numeric_limits<Integer>;
  return "must be an integer from " + std::to_string((Limits::min)()) + " to " + std::to_string((Limits::max)());
}

}  // namespace

void refuseScenario(const std::string& where, const std::string& problem) {
  throw InvalidArgumentError("scenario", where.empty() ? problem : "at " + printable(where) + " " + problem);
}

ScenarioObject::ScenarioObject(const nlohmann::json& json, std::string where) : json_(json), where_(std::move(where)) {
  if (!json_.is_object()) refuseScenario(where_, "must be an object");
}

bool ScenarioObject::has(const char* name) const { return json_.contains(name); }

std::string ScenarioObject::whereIs(const std::string& name) const { return where_ + pointerTo(name); }

template <class Value, class IsRight>
void ScenarioObject::readIf(const char* name, Value& target, IsRight isRight, const std::string& allowed) {
  const nlohmann::json* member = find(name);
  if (member == nullptr) return;
  if (!isRight(*member)) refuse(name, allowed);
  target = member->get<Value>();
}

void ScenarioObject::read(const char* name, bool& target) {
  readIf(
      name, target, [](const nlohmann::json& json) { return json.is_boolean(); }, "must be true or false");
}
void ScenarioObject::read(const char* name, double& target) {
  readIf(
      name, target, [](const nlohmann::json& json) { return json.is_number(); }, "must be a number");
}
void ScenarioObject::read(const char* name, int& target) { readIf(name, target, fits<int>, rangeOf<int>()); }
void ScenarioObject::read(const char* name, std::uint64_t& target) {
  readIf(name, target, fits<std::uint64_t>, rangeOf<std::uint64_t>());
}
void ScenarioObject::read(const char* name, std::int64_t& target) {
  readIf(name, target, fits<std::int64_t>, rangeOf<std::int64_t>());
}
void ScenarioObject::read(const char* name, std::string& target) {
  readIf(
      name, target, [](const nlohmann::json& json) { return json.is_string(); }, "must be a text");
}

void ScenarioObject::read(const char* name, std::vector<std::string>& target) {
  const auto isText = [](const nlohmann::json& element) { return element.is_string(); };
  const auto areTexts = [&](const nlohmann::json& json) {
    return json.is_array() && std::all_of(json.begin(), json.end(), isText);
  };
  readIf(name, target, areTexts, "must be a list of texts");
}

void ScenarioObject::read(const char* name, Clock::duration& target) {
  const nlohmann::json* member = find(name);
  if (member == nullptr) return;
  const auto duration = member->is_string() ? parseDuration(member->get_ref<const std::string&>()) : std::nullopt;
  if (!duration) refuse(name, R"(must be a number with a unit, as in "500ms", "10s", "5m", "1.5h", "10d")");
  target = *duration;
}

std::vector<ScenarioObject> ScenarioObject::objects(const char* name) {
  std::vector<ScenarioObject> elements;
  const nlohmann::json* member = find(name);
  if (member == nullptr) return elements;
  if (!member->is_array()) refuse(name, "must be a list of objects");
  for (std::size_t i = 0; i < member->size(); ++i) {
    elements.emplace_back((*member)[i], whereIs(name) + "/" + std::to_string(i));
  }
  return elements;
}

std::vector<std::pair<std::string, std::string>> ScenarioObject::texts(const char* name) {
  std::vector<std::pair<std::string, std::string>> members;
  const nlohmann::json* object = find(name);
  if (object == nullptr) return members;
  if (!object->is_object()) refuse(name, "must be an object of texts");
  for (const auto& [key, value] : object->items()) {
    if (!value.is_string()) refuseScenario(whereIs(name) + pointerTo(key), "must be a text");
    members.emplace_back(key, value.get<std::string>());
  }
  return members;
}

void ScenarioObject::finish() const {
  for (const auto& [name, value] : json_.items()) {
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    std::string allowed;
    for (const std::string& known : asked_) allowed += (allowed.empty() ? "" : ", ") + known;
    refuseScenario(whereIs(name), "is not known here; allowed are " + allowed);
  }
}

const nlohmann::json* ScenarioObject::find(const char* name) {
  if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) asked_.emplace_back(name);
  const auto member = json_.find(name);
  return member == json_.end() ? nullptr : &*member;
}

void ScenarioObject::refuse(const char* name, const std::string& problem) const {
  refuseScenario(whereIs(name), problem);
}

}  // namespace chatapps::decode
