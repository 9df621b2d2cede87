#include "chatapps/receipt.hpp"

#include "chatapps/errors.hpp"
#include "fuzz_target.hpp"

namespace chatapps::fuzz {
namespace {

void run(std::string_view json) {
  try {
    const DeliveryReceipt receipt = parseDeliveryReceipt(json);
    promise(!receipt.umid.empty(), "a receipt is about a message");
    promise(!receipt.eventType.empty(), "a receipt is of the event that was asked for");
    if (receipt.status.timestamp) static_cast<void>(receipt.status.timestamp->time());
  } catch (const DecodeError& error) {
    promisePrintable(error.what());
    promise(error.where().empty() || error.where().front() == '/', "where() is a JSON pointer");
  }
  const std::size_t half = json.size() / 2;
  promise(!authorizedBy(json.substr(0, half), json.substr(half)) || json.substr(0, half) == json.substr(half),
          "only the whole secret is let in");
}

const Registered registered("receipt", run);

}  // namespace
}  // namespace chatapps::fuzz
