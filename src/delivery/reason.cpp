#include "delivery/reason.hpp"

#include <cstddef>

#include "chatapps/printable.hpp"

namespace chatapps::delivery {
namespace {

constexpr std::size_t kShownMessage = 200;
constexpr std::size_t kShownWord = 40;

std::string describe(const Status& status) {
  if (status.detail == StatusDetail(StatusDetail::RejectedByOperator)) return "rejected by the operator";
  if (status.detail == StatusDetail(StatusDetail::UndeliveredToRecipient)) return "rejected by the recipient's device";
  return printable(status.state.text(), kShownWord);
}

std::string causeOfFailure(const StepReport& step) {
  const Status& status = step.status;
  std::string cause;
  const auto code = step.code();
  if (code && code->isKnown() && code->codeClass() != CodeClass::NoFailure) {
    cause = code->text();
  } else if (status.errorMessage && !status.errorMessage->empty()) {
    cause = printable(*status.errorMessage, kShownMessage);
  } else {
    cause = describe(status);
  }
  if (code && code->code != 0) cause += " (code " + std::to_string(code->code) + ")";
  return cause;
}

std::string waitingFor(const StepReport& step) {
  switch (step.stage) {
    case Stage::Queued: return "queued";
    case Stage::Sent: return "sent, not confirmed yet";
    default: break;
  }
  const std::string word = printable(step.status.state.text(), kShownWord);
  return word.empty() ? "no state yet" : "in the state " + word;
}

}  // namespace

std::string reasonFor(const StepReport& step) {
  switch (step.outcome) {
    case StepOutcome::Waiting: return waitingFor(step);
    case StepOutcome::Overtaken: return "not confirmed when the next step began";
    case StepOutcome::Failed: return causeOfFailure(step);
    case StepOutcome::Unconfirmable: return "sent; this channel never confirms delivery";
    case StepOutcome::AlsoDelivered: return "delivered as well";
    case StepOutcome::Won: break;
  }
  return {};
}

}  // namespace chatapps::delivery
