#include "track/followed.hpp"

#include <utility>

#include "delivery/goal.hpp"
#include "lower_case.hpp"

namespace chatapps::track {
namespace {

class Fingerprint {
 public:
  void add(std::uint64_t value) noexcept { hash_ = (hash_ ^ value) * 1'099'511'628'211u; }
  void add(std::string_view text) noexcept {
    for (const char c : text) add(static_cast<unsigned char>(lowerCase(c)));
    add(256);
  }
  std::uint64_t value() const noexcept { return hash_; }

 private:
  std::uint64_t hash_ = 14'695'981'039'346'656'037u;
};

}  // namespace

DeliveryReport reportOf(const Followed& message) {
  DeliveryReport report = summarize(message.known, message.plan, message.judgedAt);
  return message.settled ? delivery::withoutFurtherStep(std::move(report), message.judgedAt) : report;
}

TrackedChange changeOf(const Followed& message) {
  return {message.number, message.subAccountId, message.umid, reportOf(message), message.ending, message.problem};
}

std::uint64_t fingerprintOf(const DeliveryReport& report, Ending ending) noexcept {
  Fingerprint print;
  for (const StepReport& step : report.steps) {
    print.add(step.channel.text());
    print.add(step.status.state.text());
    print.add(step.status.detail ? step.status.detail->text() : std::string_view());
    print.add(static_cast<std::uint64_t>(step.status.errorCode.has_value()));
    print.add(static_cast<std::uint64_t>(step.status.errorCode.value_or(0)));
  }
  print.add(static_cast<std::uint64_t>(report.certainty));
  print.add(static_cast<std::uint64_t>(ending));
  return print.value();
}

}  // namespace chatapps::track
