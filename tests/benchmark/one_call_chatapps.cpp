// One call after another by this library; see one_call.hpp.
//   unpaced      with pacing off
//   paced        through a lane that never has to wait
//   no-network   the same, with a transport that answers at once: what is left is the library itself
#include <curl/curl.h>

#include <memory>

#include "benchmark/bodies.hpp"
#include "benchmark/one_call.hpp"
#include "chatapps/chatapps.hpp"

namespace chatapps::testing {
namespace {

class AnswersAtOnce final : public Transport {
 public:
  Reply send(const HttpRequest&, const Clock&) override {
    HttpResponse response;
    response.status = 200;
    response.body = body_;
    return {std::move(response), Clock::duration::zero()};
  }

 private:
  const std::string body_ = body(1);
};

int run(const Arguments& arguments) {
  // Whoever comes first decides where libcurl takes its memory.
  curl_global_init_mem(CURL_GLOBAL_DEFAULT, countedMalloc, std::free, countedRealloc, countedStrdup, countedCalloc);
  ClientOptions options;
  options.apiKey = kKey;
  options.baseUrl = arguments.url;
  options.tls.caFile = arguments.caFile;
  if (arguments.variant == "unpaced") {
    options.pacing = Pacing::off();
  } else if (arguments.variant == "paced") {
    options.pacing.requestsPerSecond = 1'000'000;
  } else if (arguments.variant == "no-network") {
    options.pacing.requestsPerSecond = 1'000'000;
    options.transport = std::make_shared<AnswersAtOnce>();
  } else {
    return unknownVariant(arguments);
  }
  const ChatAppsClient client(options);
  return measureCalls(arguments.calls, [&] { return client.getMessageDetails(kSubAccount, kUmid).size() == 1; });
}

}  // namespace
}  // namespace chatapps::testing

int main(int argc, char** argv) { return chatapps::testing::withArguments(argc, argv, chatapps::testing::run); }
