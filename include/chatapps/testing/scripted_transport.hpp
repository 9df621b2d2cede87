/// @file scripted_transport.hpp
/// A network that answers what a test wrote down.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatapps/transport.hpp"

namespace chatapps::testing {

/// Gives one scripted reply for each request, in order, and keeps the requests it saw. Thread-safe.
///
/// A request beyond the script fails as a network error that says so.
///
///     auto transport = std::make_shared<chatapps::testing::ScriptedTransport>();
///     transport->respond(503, "").after(2s).respond(200, ScriptedTransport::exampleBody());
///     options.transport = transport;
class ScriptedTransport : public Transport {
 public:
  /// The message of `exampleBody`.
  static constexpr std::string_view kExampleSubAccountId = "sub_account_id";
  /// Of 8x8's published example.
  static constexpr std::string_view kExampleUmid = "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9";
  /// The body of a 200: 8x8's published example, for `umid`.
  static std::string exampleBody(std::string_view umid = kExampleUmid);

  ScriptedTransport();
  ~ScriptedTransport() override;

  // Each adds one reply to the script.
  ScriptedTransport& respond(int status, std::string body, Headers headers = {});  ///< The next answer.
  ScriptedTransport& fail(TransportFailure failure);                               ///< Instead of the next answer.
  ScriptedTransport& hang();  ///< no answer: the call's deadline ends it

  /// The reply that is added next takes this long.
  ScriptedTransport& after(Clock::duration delay);
  /// Once the script is used up, its last reply is given again and again.
  ScriptedTransport& repeatLast();

  /// What was asked so far, in order. Holds the API key in `Authorization`.
  std::vector<HttpRequest> requests() const;
  /// How many requests came.
  std::size_t count() const;

  Reply send(const HttpRequest& request, const Clock& clock) override;

 private:
  ScriptedTransport& add(Reply reply);

  mutable std::mutex mutex_;
  std::deque<Reply> script_;
  std::optional<Reply> last_;  // the reply that was given last
  Clock::duration delay_{0};   // of the reply that is added next
  bool repeatLast_ = false;
  std::vector<HttpRequest> requests_;
};

}  // namespace chatapps::testing
