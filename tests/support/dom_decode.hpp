// Decodes message details the common way, through nlohmann's document tree: what the library's own way is checked and
// measured against.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "chatapps/message_detail.hpp"

namespace chatapps::testing {

namespace dom {

using Json = nlohmann::json;

template <class T>
std::optional<T> text(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return T(found->get<std::string>());
}

inline std::optional<std::int64_t> integer(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > kMax) return std::nullopt;
  return found->get<std::int64_t>();
}

inline Status status(const Json& object) {
  Status made;
  made.state = text<State>(object, "state").value_or(State());
  made.detail = text<StatusDetail>(object, "detail");
  made.errorCode = integer(object, "errorCode");
  made.errorMessage = text<std::string>(object, "errorMessage");
  made.timestamp = text<Timestamp>(object, "timestamp");
  return made;
}

inline std::optional<User> user(const Json& object) {
  const auto found = object.find("user");
  if (found == object.end() || !found->is_object()) return std::nullopt;
  return User{text<std::string>(*found, "msisdn"), text<std::string>(*found, "channelUserId")};
}

inline std::optional<MessageDetail> record(const Json& object) {
  if (!object.is_object()) return std::nullopt;
  auto umid = text<std::string>(object, "umid");
  auto subAccountId = text<std::string>(object, "subAccountId");
  auto channel = text<Channel>(object, "channel");
  auto channelId = text<std::string>(object, "channelId");
  auto direction = text<Direction>(object, "direction");
  auto contentType = text<ContentType>(object, "contentType");
  auto createdAt = text<Timestamp>(object, "createdAt");
  const auto step = integer(object, "step");
  const auto statusObject = object.find("status");
  if (!umid || !subAccountId || !channel || !channelId || !direction || !contentType || !createdAt || !step ||
      *step < std::numeric_limits<int>::min() || *step > std::numeric_limits<int>::max() ||
      statusObject == object.end() || !statusObject->is_object()) {
    return std::nullopt;
  }
  MessageDetail made;
  made.umid = std::move(*umid);
  made.subAccountId = std::move(*subAccountId);
  made.channel = std::move(*channel);
  made.channelId = std::move(*channelId);
  made.direction = std::move(*direction);
  made.country = text<std::string>(object, "country");
  made.status = status(*statusObject);
  made.user = user(object);
  made.contentType = std::move(*contentType);
  made.content = text<std::string>(object, "content");
  made.createdAt = std::move(*createdAt);
  made.clientMessageId = text<std::string>(object, "clientMessageId");
  made.clientBatchId = text<std::string>(object, "clientBatchId");
  made.batchId = text<std::string>(object, "batchId");
  made.step = static_cast<int>(*step);
  return made;
}

}  // namespace dom

/// Nullopt where the text is not JSON or not the documented shape.
inline std::optional<MessageDetails> domDecode(std::string_view json) {
  const auto document = nlohmann::json::parse(json.begin(), json.end(), nullptr, false);
  if (!document.is_object()) return std::nullopt;
  const auto data = document.find("data");
  if (data == document.end() || !data->is_array()) return std::nullopt;
  MessageDetails records;
  for (const auto& element : *data) {
    auto record = dom::record(element);
    if (!record) return std::nullopt;
    records.push_back(std::move(*record));
  }
  std::stable_sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
  return records;
}

}  // namespace chatapps::testing
