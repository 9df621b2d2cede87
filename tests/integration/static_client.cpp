// A program whose client has static storage, and which calls exit() with calls under way. Row 55 of the fault matrix.
//   static_client URL CALLS [CA-FILE]        reads a line of standard input before it exits
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>

#include "support/quick_client.hpp"
#include "support/umid_number.hpp"

namespace {

std::optional<chatapps::ClientOptions> options;

/// Says at its end, which is after that of what was made later, how many calls ended. Those that come as late as that end
/// too, though this client has no thread yet.
struct LastWord {
  std::atomic<int> ended{0};
  ~LastWord() {
    using namespace chatapps::support;
    const chatapps::ChatAppsClient late(*options);
    late.getMessageDetailsAsync(kSubAccount, kUmid, {}, [this](const auto&) { ++ended; });
    try {
      late.getMessageDetails(kSubAccount, kUmid);
    } catch (const chatapps::CancelledError&) {
      ++ended;
    }
    std::printf("%d calls ended\n", ended.load());
  }
} lastWord;

std::optional<chatapps::ChatAppsClient> client;

/// Something else that takes its time to end, before the client does and after what libcurl uses.
struct Slow {
  ~Slow() { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }
} slow;

/// As some programs do at each end, also when theirs has come.
void askAgain() {
  using namespace chatapps::support;
  client->getMessageDetailsAsync(kSubAccount, kUmid, {}, [](const auto&) { askAgain(); });
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__)
// OpenSSL ends before the client does, and forgets what it keeps for the client's thread.
extern "C" const char* __lsan_default_suppressions() { return "leak:CRYPTO_zalloc\n"; }
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }
#endif

int main(int count, char** arguments) {
  using namespace chatapps::support;
  options = quickOptions(arguments[1]);
  if (count > 3) options->tls.caFile = arguments[3];
  client.emplace(*options);
  const int calls = std::atoi(arguments[2]);
  for (int i = 0; i < calls; ++i) {
    client->getMessageDetailsAsync(kSubAccount, umidNumber(i), {}, [](const auto& outcome) {
      ++lastWord.ended;
      if (!outcome.ok()) askAgain();
    });
  }
  std::getchar();
  std::exit(0);
}
