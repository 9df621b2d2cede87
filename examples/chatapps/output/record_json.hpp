/// @file record_json.hpp
/// Records in the wire's own names.
#pragma once

#include <chatapps/message_detail.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace chatapps::cli {

using Json = nlohmann::ordered_json;

/// Text exactly as received; absent fields absent; in the order of the published example.
Json recordJson(const MessageDetail& record);
Json recordsJson(const MessageDetails& records);
Json statusJson(const Status& status);
Json userJson(const User& user);

/// The JSON text. What a terminal could act on is escaped, all other text stays readable. `indent` -1: one line.
std::string jsonText(const Json& json, int indent = -1);

}  // namespace chatapps::cli
