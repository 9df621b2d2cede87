#include "error_json.hpp"

#include <chatapps/errors.hpp>

#include "error_kind.hpp"

namespace chatapps::cli {

Json errorJson(const std::exception& error) {
  Json json = Json::object();
  json["type"] = errorKind(error).type;
  if (const auto* api = dynamic_cast<const ApiError*>(&error)) {
    json["httpStatus"] = api->httpStatus();
    if (api->code()) json["code"] = *api->code();
    json["message"] = api->message().value_or(api->what());
    if (api->errorId()) json["errorId"] = *api->errorId();
    if (api->timestamp()) json["timestamp"] = api->timestamp()->text();
  } else {
    const auto* decode = dynamic_cast<const DecodeError*>(&error);
    if (decode != nullptr && decode->httpStatus() != 0) json["httpStatus"] = decode->httpStatus();
    json["message"] = error.what();
    if (decode != nullptr && !decode->where().empty()) json["where"] = decode->where();
  }
  if (const auto* known = dynamic_cast<const ChatAppsError*>(&error)) json["attempts"] = known->attempts();
  return json;
}

std::string errorJsonLine(const std::exception& error) {
  Json line = Json::object();
  line["error"] = errorJson(error);
  return jsonText(line) + "\n";
}

}  // namespace chatapps::cli
