#include "chatapps/testing/scripted_transport.hpp"

#include <utility>

namespace chatapps::testing {

std::string ScriptedTransport::exampleBody(std::string_view umid) {
  std::string body = R"({"data":[{"umid":")";
  body += umid;
  body += R"(","subAccountId":"sub_account_id","channel":"WhatsApp",)"
          R"("channelId":"904d1303-5754-e911-8154-020897df5459","direction":"Outbound",)"
          R"("status":{"state":"read","timestamp":"2020-06-17T04:25:21.06Z"},"contentType":"Text",)"
          R"("createdAt":"2020-06-17T04:15:21.06Z","step":2,"country":"SG","user":{"msisdn":"+63922110xxxx"},)"
          R"("content":"**MASKED**","clientMessageId":"client message id","clientBatchId":"client batch id",)"
          R"("batchId":"c9c01382-38bf-4e27-8962-ae0684ab56c3"}]})";
  return body;
}

ScriptedTransport::ScriptedTransport() = default;

ScriptedTransport::~ScriptedTransport() = default;

ScriptedTransport& ScriptedTransport::respond(int status, std::string body, Headers headers) {
  return add({HttpResponse{status, std::move(headers), std::move(body)}});
}

ScriptedTransport& ScriptedTransport::fail(TransportFailure failure) { return add({std::move(failure)}); }

ScriptedTransport& ScriptedTransport::hang() {
  TransportFailure never;
  never.delivery = Delivery::MaybeSent;
  never.reason = "scripted: no answer";
  return after(Clock::duration::max()).add({std::move(never)});
}

ScriptedTransport& ScriptedTransport::after(Clock::duration delay) {
  const std::lock_guard lock(mutex_);
  delay_ = delay;
  return *this;
}

ScriptedTransport& ScriptedTransport::repeatLast() {
  const std::lock_guard lock(mutex_);
  repeatLast_ = true;
  return *this;
}

std::vector<HttpRequest> ScriptedTransport::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t ScriptedTransport::count() const {
  const std::lock_guard lock(mutex_);
  return requests_.size();
}

Reply ScriptedTransport::send(const HttpRequest& request, const Clock&) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  if (!script_.empty()) {
    last_ = std::move(script_.front());
    script_.pop_front();
  } else if (!repeatLast_ || !last_) {
    TransportFailure usedUp;
    usedUp.reason =
        "the script of the ScriptedTransport is used up: request " + std::to_string(requests_.size()) + " has no reply";
    usedUp.retry = TransportFailure::Retry::Never;
    return usedUp;
  }
  return *last_;
}

ScriptedTransport& ScriptedTransport::add(Reply reply) {
  const std::lock_guard lock(mutex_);
  reply.after = std::exchange(delay_, Clock::duration::zero());
  script_.push_back(std::move(reply));
  return *this;
}

}  // namespace chatapps::testing
