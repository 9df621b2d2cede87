#include "http/body_limit.hpp"

#include <string>
#include <variant>

namespace chatapps::http {

TransportFailure tooLarge(std::size_t most, int status) {
  TransportFailure failure;
  failure.kind = TransportFailure::Kind::BodyTooLarge;
  failure.retry = TransportFailure::Retry::Never;
  failure.delivery = Delivery::Answered;
  failure.reason = "the answer is larger than " + std::to_string(most) + " bytes";
  failure.httpStatus = status;
  return failure;
}

void limitBody(TransferResult& result, std::size_t most) {
  auto* response = std::get_if<HttpResponse>(&result);
  if (!response || response->body.size() <= most) return;
  if (response->status < 200 || response->status > 299) return response->body.resize(most);
  result = tooLarge(most, response->status);
}

}  // namespace chatapps::http
