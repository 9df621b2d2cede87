// Many calls in flight by libcurl alone; see many_calls.hpp.
//   limit     a loop around curl_multi_poll in one thread, the bodies thrown away
//   by-hand   the same, the bodies read by nlohmann's document tree
//   threads   a thread and an easy handle for each call in flight, and the document tree
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "benchmark/easy_request.hpp"
#include "benchmark/many_calls.hpp"
#include "support/dom_decode.hpp"

namespace chatapps::testing {
namespace {

bool isOneRecord(const EasyRequest& request) {
  const auto records = domDecode(request.body());
  return records && records->size() == 1;
}

class MultiLoop {
 public:
  MultiLoop(const ManyCalls& asked, EasyRequest::Body body) : asked_(asked), body_(body), multi_(curl_multi_init()) {
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, asked.inFlight);
    for (long i = 0; i < asked.inFlight; ++i) requests_.push_back(std::make_unique<EasyRequest>(asked.url, body));
  }
  MultiLoop(const MultiLoop&) = delete;
  MultiLoop& operator=(const MultiLoop&) = delete;
  ~MultiLoop() {
    requests_.clear();
    curl_multi_cleanup(multi_);
  }

  long run() {
    for (const auto& request : requests_) startNext(*request);
    while (ended_ < asked_.calls) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      takeFinished();
      if (ended_ < asked_.calls) curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
    }
    return good_;
  }

 private:
  void startNext(EasyRequest& request) {
    if (begun_ == asked_.calls) return;
    request.aimAt(subAccount(begun_++));
    curl_multi_add_handle(multi_, request.easy());
  }
  void takeFinished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      CURL* const easy = message->easy_handle;
      const bool arrived = message->data.result == CURLE_OK;
      void* self = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
      auto& request = *static_cast<EasyRequest*>(self);
      const bool read = body_ == EasyRequest::Body::ThrownAway || isOneRecord(request);
      if (arrived && request.succeeded() && read) ++good_;
      curl_multi_remove_handle(multi_, easy);
      ++ended_;
      startNext(request);
    }
  }

  const ManyCalls& asked_;
  const EasyRequest::Body body_;
  CURLM* const multi_;
  std::vector<std::unique_ptr<EasyRequest>> requests_;
  long begun_ = 0, ended_ = 0, good_ = 0;
};

long byThreads(const ManyCalls& asked) {
  std::atomic<long> begun{0}, good{0};
  std::vector<std::thread> threads;
  for (long i = 0; i < asked.inFlight; ++i) {
    threads.emplace_back([&] {
      EasyRequest request(asked.url, EasyRequest::Body::Kept);
      for (long number = begun++; number < asked.calls; number = begun++) {
        request.aimAt(subAccount(number));
        if (request.perform() && isOneRecord(request)) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return good;
}

int run(const ManyCalls& asked) {
  startCurl();
  if (asked.variant == "threads") return measureMany(asked, [&] { return byThreads(asked); });
  const bool limit = asked.variant == "limit";
  if (!limit && asked.variant != "by-hand") return 2;
  MultiLoop loop(asked, limit ? EasyRequest::Body::ThrownAway : EasyRequest::Body::Kept);
  return measureMany(asked, [&] { return loop.run(); });
}

}  // namespace
}  // namespace chatapps::testing

int main(int argc, char** argv) { return chatapps::testing::withManyCalls(argc, argv, chatapps::testing::run); }
