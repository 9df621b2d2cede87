// Answers of the API as bytes, for servers that are scripted by hand.
#pragma once

#include <string>
#include <string_view>

#include "fault_server.hpp"

namespace chatapps::support {

/// A whole HTTP/1.1 answer with its Content-Length. `headers` are lines that each end in CR LF.
std::string httpAnswer(int status, std::string_view body,
                       std::string_view headers = "Content-Type: application/json\r\n");

/// `{"data":[...]}` with one delivered record of that message.
std::string detailsBody(std::string_view subAccountId, std::string_view umid);

/// The API's error body.
std::string errorBody(int code, std::string_view message);

/// The path segments of a request, as they stood on the wire.
std::string subAccountIdOf(const SeenRequest& request);
std::string umidOf(const SeenRequest& request);

/// The 200 with the details of the message that was asked for.
std::string detailsAnswer(const SeenRequest& request);

/// The value of a request's header, exactly as sent; empty where it is absent. The name's case does not matter.
std::string headerOf(const SeenRequest& request, std::string_view name);

}  // namespace chatapps::support
