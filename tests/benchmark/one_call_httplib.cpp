// One call after another by cpp-httplib, on a connection that is kept; see one_call.hpp. The body is read by nlohmann's
// document tree.
#include <httplib.h>

#include "benchmark/one_call.hpp"
#include "support/dom_decode.hpp"

namespace chatapps::testing {
namespace {

int run(const Arguments& arguments) {
  httplib::Client client(arguments.url);
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  const httplib::Headers headers{{"Authorization", std::string("Bearer ") + kKey}, {"Accept", "application/json"}};
  return measureCalls(arguments.calls, [&] {
    const auto answer = client.Get(messagePath(), headers);
    if (!answer || answer->status != 200) return false;
    const auto records = domDecode(answer->body);
    return records && records->size() == 1;
  });
}

}  // namespace
}  // namespace chatapps::testing

int main(int argc, char** argv) { return chatapps::testing::withArguments(argc, argv, chatapps::testing::run); }
