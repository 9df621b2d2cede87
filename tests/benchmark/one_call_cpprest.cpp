// One call after another by cpprestsdk; see one_call.hpp. The body is read by nlohmann's document tree.
#include <cpprest/http_client.h>

#include "benchmark/one_call.hpp"
#include "support/dom_decode.hpp"

namespace chatapps::testing {
namespace {

int run(const Arguments& arguments) {
  web::http::client::http_client client(arguments.url);
  return measureCalls(arguments.calls, [&] {
    web::http::http_request request(web::http::methods::GET);
    request.set_request_uri(messagePath());
    request.headers().add("Authorization", std::string("Bearer ") + kKey);
    request.headers().add("Accept", "application/json");
    const web::http::http_response answer = client.request(request).get();
    if (answer.status_code() != 200) return false;
    const auto records = domDecode(answer.extract_string(true).get());
    return records && records->size() == 1;
  });
}

}  // namespace
}  // namespace chatapps::testing

int main(int argc, char** argv) { return chatapps::testing::withArguments(argc, argv, chatapps::testing::run); }
