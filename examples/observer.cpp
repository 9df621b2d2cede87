// What happens inside a call: enough for metrics and traces. No event holds the API key or personal data.
//
//   CHATAPPS_API_KEY=... observer SUBACCOUNT UMID
#include <chatapps/chatapps.hpp>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>

namespace {

double milliseconds(std::chrono::nanoseconds time) { return std::chrono::duration<double, std::milli>(time).count(); }

/// Events come from every thread that runs a call.
class Printer : public chatapps::Observer {
 public:
  void onSlotTaken(const chatapps::SlotTaken& event) override {
    print("slot", "waited " + std::to_string(milliseconds(event.waited)) + " ms");
  }
  void onAttemptStarted(const chatapps::AttemptStarted& event) override {
    print("attempt", "number " + std::to_string(event.attempt) + " leaves");
  }
  void onAttemptFinished(const chatapps::AttemptFinished& event) override {
    const auto answer = event.failure.empty() ? "HTTP " + std::to_string(event.httpStatus) : event.failure;
    print("answer", answer + " after " + std::to_string(milliseconds(event.took)) + " ms");
  }
  void onRetryPlanned(const chatapps::RetryPlanned& event) override {
    print("retry", event.reason + ", in " + std::to_string(milliseconds(event.delay)) + " ms");
  }
  void onLaneHeld(const chatapps::LaneHeld& event) override {
    print("held", "all calls of " + event.subAccountId + " for " + std::to_string(milliseconds(event.pause)) + " ms");
  }
  void onCallFinished(const chatapps::CallFinished& event) override {
    print("finished",
          std::to_string(event.attempts) + " attempts, " + std::to_string(milliseconds(event.took)) + " ms");
  }

 private:
  void print(const char* name, const std::string& what) {
    const std::lock_guard lock(mutex_);
    std::cout << name << ": " << what << '\n';
  }
  std::mutex mutex_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    auto options = chatapps::ClientOptions::fromEnvironment();
    options.observer = std::make_shared<Printer>();
    const chatapps::ChatAppsClient client(std::move(options));
    for (int i = 0; i < 2; ++i) {
      client.getMessageDetails(argc > 1 ? argv[1] : "sandbox",
                               argc > 2 ? argv[2] : "a0000000-0000-4000-8000-000000000003");
    }
    return 0;
  } catch (const chatapps::ChatAppsError& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
