/// @file sandbox.hpp
/// A deterministic imitation of the API, without a network.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatapps/clock.hpp"
#include "chatapps/message_detail.hpp"
#include "chatapps/transport.hpp"

namespace chatapps::testing {

/// A status that a channel attempt takes on.
struct SandboxEvent {
  Clock::duration at{0};                      ///< since the message was submitted; at most 365 days
  State state{};                              ///< without text: absent from the record
  std::optional<StatusDetail> detail{};       ///< absent: none on the wire
  std::optional<std::int64_t> errorCode{};    ///< absent: none on the wire
  std::optional<std::string> errorMessage{};  ///< absent: none on the wire
};

/// A channel attempt. Its record exists from its first event on.
struct SandboxStep {
  Channel channel{};                                               ///< that is tried
  std::vector<SandboxEvent> events{};                              ///< at least one, in order of time
  std::string channelId = "904d1303-5754-e911-8154-020897df5459";  ///< a UUID on the wire
};

/// A message and all that will become of it.
///
/// Its time begins when it is added or, where the sandbox has no clock of its own, with the first request after that.
struct SandboxMessage {
  std::string umid{};                ///< a dashed UUID; empty: made up from the seed
  std::string subAccountId{};        ///< empty: found in every subaccount; else the sandbox knows this one from now on
  std::vector<SandboxStep> steps{};  ///< at least one; the first is step 1
  Clock::duration age{0};            ///< how long ago it was submitted when its time begins; at most 365 days
  bool fromFirstLook = false;        ///< its time begins with the first request for it instead

  Direction direction{"Outbound"};                           ///< as on the wire
  ContentType contentType = ContentType::Text;               ///< as on the wire
  std::optional<std::string> country = "SG";                 ///< absent: none on the wire
  std::optional<std::string> msisdn = "+639221101234";       ///< shown as +63922110xxxx
  std::optional<std::string> channelUserId{};                ///< absent: none on the wire
  std::optional<std::string> content = "Your code is 1234";  ///< shown as **MASKED**
  std::optional<std::string> clientMessageId{};              ///< as given when it was sent
  std::optional<std::string> clientBatchId{};                ///< the same
  std::optional<std::string> batchId{};                      ///< given by 8x8 to a batch
};

/// Requests that get a reply of your own instead of the API's: a gateway's 503, silence, a lost connection.
struct SandboxFault {
  Reply reply{};       ///< what is answered instead
  int times = 1;       ///< how many requests get it
  int skip = 0;        ///< how many requests it lets pass first, whoever answers them
  std::string umid{};  ///< empty: any request for a message counts; else those for this one
};

/// How the rate limit is counted: one request in each interval of 1 / `requestsPerSecond` seconds.
enum class Window {
  Gcra,     ///< at least one interval after the last request; no tolerance
  Fixed,    ///< one in each interval of the clock: two may come close together around its end
  Sliding,  ///< no other request within the last interval
  Bucket,   ///< a bucket of one token that fills within an interval
};

/// What becomes of delivery receipts on their way: each of these happens to that share of them, from 0 to 1.
struct SandboxReceipts {
  double lost = 0;      ///< never comes
  double repeated = 0;  ///< comes a second time, up to 30 s later, or so much less as `speed` is more than 1
  double shuffled = 0;  ///< comes up to 10 s late, likewise, so that others overtake it
};

/// A delivery receipt on its arrival.
struct SandboxReceipt {
  Clock::time_point at;  ///< when it arrived
  std::string body;      ///< JSON, version 9; `parseDeliveryReceipt` reads it
};

/// How a sandbox is set up. What can not work is an InvalidArgumentError at construction.
struct SandboxOptions {
  std::vector<std::string> apiKeys{"sandbox-key"};  ///< those that are accepted
  std::vector<std::string> subAccounts{"sandbox"};  ///< `*` stands for every id of the documented shape
  double requestsPerSecond = 1.0;                   ///< of each subaccount; 0: no limit
  Window window = Window::Gcra;                     ///< how requests are counted
  bool rejectedRequestsCount = false;  ///< a request that gets a 429 makes the interval begin anew (all but Fixed)
  bool retryAfterHeader = false;       ///< a 429 carries Retry-After too, not only the number in its text
  Clock::duration latency{0};          ///< of every answer of the API's; at most an hour
  double speed = 1.0;                  ///< timelines run this many times as fast; 0.01 to 1,000,000
  bool maskPersonalData = true;        ///< false: an account whose mask was lifted
  bool builtInMessages = true;         ///< whether those of `builtIns()` are there
  std::optional<SandboxReceipts> receipts{};  ///< makes a receipt of each change, see `takeReceipts`; absent: none
  std::uint64_t seed = 1;                     ///< of error ids and made-up umids: same seed, same requests, same bytes
  std::shared_ptr<const Clock> clock{};       ///< null: the clock of each request; all clients then share one
};

/// All of a sandbox in one value, as a scenario file describes it.
struct SandboxScenario {
  SandboxOptions options{};                ///< how it behaves
  std::vector<SandboxMessage> messages{};  ///< beside the built-in ones
  std::vector<SandboxFault> faults{};      ///< what goes wrong, and when
};

/// Reads a scenario file (docs/sandbox.md). What it leaves out stays as in `defaults`. Throws InvalidArgumentError that
/// says what is wrong, where (a JSON pointer) and what is allowed.
SandboxScenario readScenario(std::string_view json, SandboxOptions defaults = {});

/// A request that a sandbox saw.
struct SandboxRequest {
  Clock::time_point at;      ///< when it arrived, or the interceptor had let it pass
  std::string subAccountId;  ///< decoded; empty where the path is not the API's
  std::string umid;          ///< the same
  int status = 0;            ///< of the answer; 0 where a fault gave none
};

/// Answers as the API does: keys, subaccounts, rate limit, error bodies, and messages that change with time.
/// Thread-safe.
///
///     auto sandbox = std::make_shared<chatapps::testing::Sandbox>();
///     options.apiKey = Sandbox::kApiKey;
///     options.transport = sandbox;
///     client.getMessageDetails(Sandbox::kSubAccountId, Sandbox::kFallbackToSms);
class Sandbox : public Transport {
 public:
  static constexpr const char* kApiKey = "sandbox-key";    ///< a key that is accepted
  static constexpr const char* kSubAccountId = "sandbox";  ///< the built-in messages are its own

  // The built-in messages. The first seven are an hour old; the live ones begin when they are asked for the first time.
  static constexpr const char* kDeliveredOnWhatsApp = "a0000000-0000-4000-8000-000000000001";  ///< in one step
  static constexpr const char* kReadOnWhatsApp = "a0000000-0000-4000-8000-000000000002";       ///< in one step
  /// Undelivered on Viber, then delivered by SMS.
  static constexpr const char* kFallbackToSms = "a0000000-0000-4000-8000-000000000003";
  static constexpr const char* kDeliveredBySms = "a0000000-0000-4000-8000-000000000004";  ///< in one step
  static constexpr const char* kQueued = "a0000000-0000-4000-8000-000000000005";          ///< for a day
  static constexpr const char* kFailed = "a0000000-0000-4000-8000-000000000006";          ///< rejected by the API
  static constexpr const char* kUndelivered = "a0000000-0000-4000-8000-000000000007";     ///< on Viber, then by SMS too
  /// Sent, delivered, read as time passes.
  static constexpr const char* kLiveReadOnWhatsApp = "a0000000-0000-4000-8000-000000000008";
  /// Viber gives up as time passes, SMS follows.
  static constexpr const char* kLiveFallbackToSms = "a0000000-0000-4000-8000-000000000009";

  /// A message that is there from the beginning.
  struct BuiltIn {
    std::string umid;   ///< to ask for
    std::string story;  ///< what becomes of it, in a few words
  };
  /// The built-in messages and what each is about, in one line.
  static std::vector<BuiltIn> builtIns();

  Sandbox();
  explicit Sandbox(SandboxOptions options);    ///< Throws InvalidArgumentError for options that can not be.
  explicit Sandbox(SandboxScenario scenario);  ///< With messages and faults of your own.
  ~Sandbox() override;

  /// Adds a message, or replaces the one of that umid. Returns its umid.
  std::string addMessage(SandboxMessage message);
  /// Adds a fault after those that are not used up yet.
  void addFault(SandboxFault fault);
  /// Asked first, for every request: a Reply it gives is the answer. Called concurrently.
  void intercept(std::function<std::optional<Reply>(const HttpRequest&)> interceptor);

  /// The receipts that arrive until then, in order of arrival; each is given once. Changes before a
  /// message's time began make none.
  std::vector<SandboxReceipt> takeReceipts(Clock::time_point until);
  /// When the next one arrives, if one is known to be on its way.
  std::optional<Clock::time_point> nextReceiptAt() const;

  /// The last 100,000 requests in order of arrival.
  std::vector<SandboxRequest> requests() const;

  Reply send(const HttpRequest& request, const Clock& clock) override;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace chatapps::testing
