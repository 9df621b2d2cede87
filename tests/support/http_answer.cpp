#include "http_answer.hpp"

#include "chatapps/open_enum.hpp"

namespace chatapps::support {
namespace {

/// The n-th segment of `/api/v1/subaccounts/S/messages/U`, from 0.
std::string segmentOf(const SeenRequest& request, int n) {
  const std::size_t start = request.raw.find('/');
  const std::string path = request.raw.substr(start + 1, request.raw.find(' ', start) - start - 1);
  std::size_t from = 0;
  for (; n > 0; --n) {
    from = path.find('/', from);
    if (from == std::string::npos) return {};
    ++from;
  }
  return path.substr(from, path.find('/', from) - from);
}

}  // namespace

std::string httpAnswer(int status, std::string_view body, std::string_view headers) {
  std::string answer = "HTTP/1.1 " + std::to_string(status) + " Answer\r\n";
  answer += headers;
  answer += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  answer += body;
  return answer;
}

std::string detailsBody(std::string_view subAccountId, std::string_view umid) {
  std::string body = R"({"data":[{"umid":")";
  body += umid;
  body += R"(","subAccountId":")";
  body += subAccountId;
  body += R"(","channel":"WhatsApp","channelId":"8e4d1303-5754-e911-8154-020897df5459","direction":"outbound",)";
  body += R"("status":{"state":"delivered"},"contentType":"Text","createdAt":"2020-06-17T04:17:21.06Z","step":1}]})";
  return body;
}

std::string errorBody(int code, std::string_view message) {
  std::string body = R"({"code":)" + std::to_string(code) + R"(,"message":")";
  body += message;
  body += R"(","errorId":"91b106f0-c0da-4aba-a43a-7af9c5893a80","timestamp":"2017-04-19T02:31:19.4297387+00:00"})";
  return body;
}

std::string subAccountIdOf(const SeenRequest& request) { return segmentOf(request, 3); }
std::string umidOf(const SeenRequest& request) { return segmentOf(request, 5); }

std::string detailsAnswer(const SeenRequest& request) {
  return httpAnswer(200, detailsBody(subAccountIdOf(request), umidOf(request)));
}

std::string headerOf(const SeenRequest& request, std::string_view name) {
  const std::string_view raw = request.raw;
  std::size_t line = raw.find("\r\n");
  while (line != std::string_view::npos && line + 4 < raw.size()) {
    line += 2;
    const std::size_t end = raw.find("\r\n", line);
    const std::string_view text = raw.substr(line, end - line);
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && equalIgnoringCase(text.substr(0, colon), name)) {
      const std::size_t value = text.find_first_not_of(' ', colon + 1);
      return value == std::string_view::npos ? std::string() : std::string(text.substr(value));
    }
    line = end;
  }
  return {};
}

}  // namespace chatapps::support
