// One object of a scenario file: reads its members by name and refuses those that nobody asked for.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chatapps/clock.hpp"

namespace chatapps::decode {

/// Throws InvalidArgumentError for the scenario. `where` is a JSON pointer.
[[noreturn]] void refuseScenario(const std::string& where, const std::string& problem);

/// Every read leaves its target alone where the member is absent, and throws InvalidArgumentError where it has another
/// type. Keeps references to the JSON.
class ScenarioObject {
 public:
  /// Throws when `json` is no object.
  ScenarioObject(const nlohmann::json& json, std::string where);

  const std::string& where() const noexcept { return where_; }
  bool has(const char* name) const;
  std::string whereIs(const std::string& name) const;

  void read(const char* name, bool& target);
  void read(const char* name, double& target);
  void read(const char* name, int& target);
  void read(const char* name, std::uint64_t& target);
  void read(const char* name, std::int64_t& target);
  void read(const char* name, std::string& target);
  void read(const char* name, std::vector<std::string>& target);
  /// `10s`, `1.5h`: a number and ms, s, m, h or d.
  void read(const char* name, Clock::duration& target);
  /// Null takes the value away.
  template <class Value>
  void read(const char* name, std::optional<Value>& target);

  /// The elements of a list of objects.
  std::vector<ScenarioObject> objects(const char* name);
  /// The members of an object of texts.
  std::vector<std::pair<std::string, std::string>> texts(const char* name);

  /// To be called when all has been read: throws where there is a member that was not asked for.
  void finish() const;

 private:
  const nlohmann::json* find(const char* name);
  template <class Value, class IsRight>
  void readIf(const char* name, Value& target, IsRight isRight, const std::string& allowed);
  [[noreturn]] void refuse(const char* name, const std::string& problem) const;

  const nlohmann::json& json_;
  std::string where_;
  std::vector<std::string> asked_;
};

template <class Value>
void ScenarioObject::read(const char* name, std::optional<Value>& target) {
  const nlohmann::json* member = find(name);
  if (member == nullptr) return;
  if (member->is_null()) {
    target.reset();
    return;
  }
  Value value{};
  read(name, value);
  target = std::move(value);
}

}  // namespace chatapps::decode
