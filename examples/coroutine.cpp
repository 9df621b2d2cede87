// C++20: co_await a call.
//
//   CHATAPPS_API_KEY=... coroutine SUBACCOUNT UMID
#include <chatapps/chatapps.hpp>
#include <chatapps/coroutine.hpp>
#include <coroutine>
#include <exception>
#include <future>
#include <iostream>
#include <string>

namespace {

/// The least that a coroutine needs to hand its result to a thread that waits. Your own task type goes here.
struct Task {
  struct promise_type {
    std::promise<int> result;
    Task get_return_object() { return {result.get_future()}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_value(int value) { result.set_value(value); }
    void unhandled_exception() { result.set_exception(std::current_exception()); }
  };
  std::future<int> result;
};

Task countDelivered(chatapps::ChatAppsClient client, std::string subAccountId, std::string umid) {
  const auto details = co_await chatapps::awaitMessageDetails(client, subAccountId, umid);
  int delivered = 0;
  for (const auto& record : details) {
    if (record.status.state == chatapps::State::Delivered) ++delivered;
  }
  co_return delivered;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto client = chatapps::ChatAppsClient::fromEnvironment();
    auto task = countDelivered(client, argc > 1 ? argv[1] : "sandbox",
                               argc > 2 ? argv[2] : "a0000000-0000-4000-8000-000000000003");
    const int delivered = task.result.get();
    std::cout << "delivered on " << delivered << " channel(s)\n";
    return 0;
  } catch (const chatapps::ChatAppsError& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
