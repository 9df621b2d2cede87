// A shared object that holds the library, for a program that loads and unloads it. Row 55 of the fault matrix.
#include "support/quick_client.hpp"

/// How many records a synchronous and an asynchronous call bring.
extern "C" __attribute__((visibility("default"))) int callTwice(const char* url) {
  using namespace chatapps::support;
  try {
    const chatapps::ChatAppsClient client(pacedOptions(url, 1000));
    const auto records = client.getMessageDetails(kSubAccount, kUmid).size();
    return static_cast<int>(records + client.getMessageDetailsAsync(kSubAccount, kUmid).get().size());
  } catch (const std::exception&) {
    return -1;
  }
}
