// Many calls in flight by this library, with pacing off; see many_calls.hpp.
//   async   getMessageDetailsAsync, each callback making the next call
//   bulk    getMany
#include <atomic>
#include <future>
#include <optional>

#include "benchmark/many_calls.hpp"
#include "benchmark/one_call.hpp"
#include "chatapps/chatapps.hpp"

namespace chatapps::testing {
namespace {

class Chain {
 public:
  Chain(const ChatAppsClient& client, const ManyCalls& asked) : client_(client), asked_(asked) {}

  long run() {
    for (long i = 0; i < asked_.inFlight; ++i) startNext();
    over_.get_future().wait();
    return good_;
  }

 private:
  void startNext() {
    const long number = begun_++;
    if (number >= asked_.calls) return;
    client_.getMessageDetailsAsync(subAccount(number), kUmid, {}, [this](Outcome<MessageDetails> outcome) {
      if (outcome.ok() && outcome.value().size() == 1) ++good_;
      startNext();
      if (++ended_ == asked_.calls) over_.set_value();
    });
  }

  const ChatAppsClient& client_;
  const ManyCalls& asked_;
  std::atomic<long> begun_{0}, ended_{0}, good_{0};
  std::promise<void> over_;
};

long inBulk(const ChatAppsClient& client, const ManyCalls& asked) {
  BulkOptions bulk;
  bulk.maxPending = static_cast<std::size_t>(asked.inFlight);
  long begun = 0;
  const auto source = [&]() -> std::optional<MessageRef> {
    if (begun == asked.calls) return std::nullopt;
    return MessageRef{subAccount(begun++), kUmid};
  };
  return static_cast<long>(client
                               .getMany(
                                   source, [](const BulkResult&) {}, bulk)
                               .succeeded);
}

int run(const ManyCalls& asked) {
  ClientOptions options;
  options.apiKey = kKey;
  options.baseUrl = asked.url;
  options.pacing = Pacing::off();
  const ChatAppsClient client(options);
  if (asked.variant == "async") {
    Chain chain(client, asked);
    return measureMany(asked, [&] { return chain.run(); });
  }
  if (asked.variant == "bulk") return measureMany(asked, [&] { return inBulk(client, asked); });
  return 2;
}

}  // namespace
}  // namespace chatapps::testing

int main(int argc, char** argv) { return chatapps::testing::withManyCalls(argc, argv, chatapps::testing::run); }
