// One call after another by libcurl alone; see one_call.hpp.
//   limit        an easy handle that is used again, the body thrown away: no client on libcurl can cost less
//   by-hand      the same, the body read by nlohmann's document tree: what is written by hand
//   new-handle   a new easy handle, and so a new connection, for each call: the common mistake
#include "benchmark/easy_request.hpp"
#include "support/dom_decode.hpp"

namespace chatapps::testing {
namespace {

bool isOneRecord(const EasyRequest& request) {
  const auto records = domDecode(request.body());
  return records && records->size() == 1;
}

int run(const Arguments& arguments) {
  startCurl();
  if (arguments.variant == "limit") {
    EasyRequest request(arguments.url, EasyRequest::Body::ThrownAway);
    return measureCalls(arguments.calls, [&] { return request.perform(); });
  }
  if (arguments.variant == "by-hand") {
    EasyRequest request(arguments.url, EasyRequest::Body::Kept);
    return measureCalls(arguments.calls, [&] {
      request.aimAt(kSubAccount);
      return request.perform() && isOneRecord(request);
    });
  }
  if (arguments.variant == "new-handle") {
    return measureCalls(arguments.calls, [&] {
      EasyRequest request(arguments.url, EasyRequest::Body::Kept);
      return request.perform() && isOneRecord(request);
    });
  }
  return unknownVariant(arguments);
}

}  // namespace
}  // namespace chatapps::testing

int main(int argc, char** argv) { return chatapps::testing::withArguments(argc, argv, chatapps::testing::run); }
