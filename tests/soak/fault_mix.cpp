#include "fault_mix.hpp"

#include <chrono>

#include "support/http_answer.hpp"

namespace chatapps::soak {
namespace {

using support::Connection;
using support::httpAnswer;
using namespace std::chrono_literals;

// Of 10,000 requests. The rest meet no fault.
constexpr int kShares[kFaults] = {
    0,   300, 200, 100, 200,  // good answers, some of them slow, in pieces, after a 103, or the connection's last
    100, 50,  50,  100, 100, 15, 20,  // errors; a 429 costs its subaccount a second and more
    20,  50,                          // successes that are none
    100, 100, 50,  50,  50,  50,      // connections that end, or stall
    30,  30,  20,  20,  20,  10, 10, 10, 20, 30, 30,
};

std::uint64_t scrambled(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;  // splitmix64
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

std::string filled(std::size_t bytes) { return std::string(bytes, 'x'); }

std::string headerFlood() {
  std::string lines;
  for (int i = 0; i < 250; ++i) lines += "X-" + std::to_string(i) + ": y\r\n";
  return lines;
}

std::string otherMessage(const support::SeenRequest& request) {
  return httpAnswer(200, support::detailsBody(subAccountIdOf(request), "ffffffff-0000-4000-8000-000000000000"));
}

/// The bytes of those faults that are nothing but bytes; empty for the others.
std::string answerOf(Fault fault, const support::SeenRequest& request) {
  const std::string good = detailsAnswer(request);
  switch (fault) {
    case Fault::None: return good;
    case Fault::Interim: return "HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\n" + good;
    case Fault::NotFound: return httpAnswer(404, support::errorBody(4018, "Invalid jobId"));
    case Fault::BadRequest: return httpAnswer(400, support::errorBody(1002, "Invalid"));
    case Fault::Unauthorized: return httpAnswer(401, support::errorBody(1200, "Not authenticated"));
    case Fault::ServerError: return httpAnswer(500, "<html>Internal</html>", "Content-Type: text/html\r\n");
    case Fault::Unavailable: return httpAnswer(503, "", "Retry-After: 1\r\n");
    case Fault::RateLimit:
      return httpAnswer(429, support::errorBody(429, "Quota exceeded. Please try again in 1 second(s)."));
    case Fault::Redirect: return httpAnswer(302, "", "Location: http://127.0.0.1:1/elsewhere\r\n");
    case Fault::NoContent: return "HTTP/1.1 204 None\r\n\r\n";
    case Fault::LoginPage: return httpAnswer(200, "<html>Log in</html>", "Content-Type: text/html\r\n");
    case Fault::ConflictingLengths: return httpAnswer(200, "{}", "Content-Length: 7\r\n");
    case Fault::HeaderFlood: return httpAnswer(200, "{}", headerFlood());
    case Fault::NulInHeader: return httpAnswer(200, "{}", std::string("X: a\0b\r\n", 8));
    case Fault::LyingEncoding: return httpAnswer(200, "not gzip", "Content-Encoding: gzip\r\n");
    case Fault::TooLarge: return httpAnswer(200, filled(2 << 20));
    case Fault::Nested: return httpAnswer(200, std::string(100'000, '['));
    case Fault::BadUtf8: return httpAnswer(200, "{\"data\":[{\"umid\":\"\xC3\x28\"}]}");
    case Fault::OtherMessage: return otherMessage(request);
    case Fault::TwoAnswers: return good + good;
    default: return {};
  }
}

/// False where the connection is over.
bool play(Fault fault, Connection& connection) {
  const support::SeenRequest& request = connection.request();
  if (const std::string bytes = answerOf(fault, request); !bytes.empty()) return connection.send(bytes);
  const std::string good = detailsAnswer(request);
  switch (fault) {
    case Fault::Slow:
      return connection.pause(std::chrono::milliseconds(20 + good.size() % 100)) && connection.send(good);
    case Fault::Sliced: return connection.sendSlowly(good, 1ms, 37);
    case Fault::ClosesAfterwards: connection.send(good); return false;
    case Fault::Stalled: connection.waitForClientToLeave(); return false;
    case Fault::CutHead: connection.send(good.substr(0, 40)); return false;
    case Fault::CutBody: connection.send(good.substr(0, good.size() - 20)); return false;
    case Fault::ResetInBody:
      connection.send(good.substr(0, good.size() - 20));
      connection.pause(2ms);
      connection.reset();
      return false;
    case Fault::Garbage: connection.send("\x16\x03\x01 what?\r\n\r\n"); return false;
    case Fault::EndlessChunks:
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      while (connection.send("4000\r\n" + filled(0x4000) + "\r\n")) {
      }
      return false;
    case Fault::Reset: connection.reset(); return false;
    default: return false;  // Closed
  }
}

}  // namespace

Fault FaultMix::choose(std::uint32_t call) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::uint64_t nth = requests_[call]++;
  auto draw = static_cast<int>(scrambled(seed_ ^ scrambled(call * 64ull + nth)) % 10'000);
  int chosen = 0;
  for (int i = 1; i < kFaults && chosen == 0; ++i) {
    if (draw < kShares[i]) chosen = i;
    draw -= kShares[i];
  }
  seen_.push_back({call, static_cast<Fault>(chosen)});
  return seen_.back().fault;
}

void FaultMix::serve(Connection& connection) {
  while (connection.readRequest()) {
    const std::string umid = umidOf(connection.request());
    const auto call = static_cast<std::uint32_t>(std::stoul(umid.substr(umid.size() - 12)));
    if (!play(choose(call), connection)) return;
  }
}

std::vector<Seen> FaultMix::seen() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return seen_;
}

}  // namespace chatapps::soak
