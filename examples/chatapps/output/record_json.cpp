#include "record_json.hpp"

#include "active_text.hpp"

namespace chatapps::cli {
namespace {

template <class T>
void put(Json& object, const char* name, const std::optional<T>& value) {
  if (value) object[name] = *value;
}

}  // namespace

Json statusJson(const Status& status) {
  Json json = Json::object();
  if (!status.state.text().empty()) json["state"] = status.state.text();
  if (status.detail) json["detail"] = status.detail->text();
  put(json, "errorCode", status.errorCode);
  put(json, "errorMessage", status.errorMessage);
  if (status.timestamp) json["timestamp"] = status.timestamp->text();
  return json;
}

Json userJson(const User& user) {
  Json json = Json::object();
  put(json, "msisdn", user.msisdn);
  put(json, "channelUserId", user.channelUserId);
  return json;
}

Json recordJson(const MessageDetail& record) {
  Json json = Json::object();
  json["umid"] = record.umid;
  json["subAccountId"] = record.subAccountId;
  json["channel"] = record.channel.text();
  json["channelId"] = record.channelId;
  json["direction"] = record.direction.text();
  put(json, "country", record.country);
  json["status"] = statusJson(record.status);
  if (record.user) json["user"] = userJson(*record.user);
  json["contentType"] = record.contentType.text();
  put(json, "content", record.content);
  json["createdAt"] = record.createdAt.text();
  put(json, "clientMessageId", record.clientMessageId);
  put(json, "clientBatchId", record.clientBatchId);
  put(json, "batchId", record.batchId);
  json["step"] = record.step;
  return json;
}

Json recordsJson(const MessageDetails& records) {
  Json json = Json::array();
  for (const auto& record : records) json.push_back(recordJson(record));
  return json;
}

std::string jsonText(const Json& json, int indent) {
  // Arguments of the command line are shown as well, and those may hold any bytes.
  return escapeActiveText(json.dump(indent, ' ', false, Json::error_handler_t::replace));
}

}  // namespace chatapps::cli
