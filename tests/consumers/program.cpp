// What a user's first program does: one call that succeeds, through a transport of its own, and one over a socket.
#include <chatapps/chatapps.hpp>
#include <iostream>
#include <memory>

namespace {

class OneAnswer : public chatapps::Transport {
  chatapps::Reply send(const chatapps::HttpRequest&, const chatapps::Clock&) override {
    return {chatapps::HttpResponse{200, {}, R"({"data":[{"umid":"dec02e44-c76f-4a0a-b69f-6ac2a4386eb9",
        "subAccountId":"demo","channel":"WhatsApp","channelId":"1","direction":"Outbound","status":{"state":"read"},
        "contentType":"Text","createdAt":"2020-06-17T04:15:21.06Z","step":1}]})"}};
  }
};

chatapps::ClientOptions options() {
  chatapps::ClientOptions result;
  result.apiKey = "key";
  result.retry.maxAttempts = 1;
  return result;
}

}  // namespace

int main() {
  constexpr const char* kUmid = "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9";

  auto scripted = options();
  scripted.transport = std::make_shared<OneAnswer>();
  const auto records = chatapps::ChatAppsClient(scripted).getMessageDetails("demo", kUmid);
  if (records.size() != 1 || records[0].channel != chatapps::Channel::WhatsApp || !records[0].createdAt.time())
    return 1;

  auto overSocket = options();
  overSocket.baseUrl = "http://127.0.0.1:1";
  try {
    chatapps::ChatAppsClient(overSocket).getMessageDetails("demo", kUmid);
    return 2;
  } catch (const chatapps::TransportError& error) {
    if (error.umid() != kUmid || error.delivery() != chatapps::Delivery::NotSent) return 3;
  }
  std::cout << CHATAPPS_VERSION << ' ' << records[0].channel.text() << '\n';
}
