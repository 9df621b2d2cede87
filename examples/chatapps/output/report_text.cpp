#include "output/report_text.hpp"

#include <chatapps/printable.hpp>

namespace chatapps::cli {
namespace {

std::string orNone(const std::string& text) { return text.empty() ? "no state" : printable(text); }

std::string certaintyText(const DeliveryReport& report) {
  switch (report.certainty) {
    case Certainty::Final: return "final";
    case Certainty::Unknowable: return "this channel never tells more";
    case Certainty::Provisional: break;
  }
  return "may still change";
}

}  // namespace

std::string reportText(const DeliveryReport& report) {
  std::string text = orNone(report.state.text());
  if (!report.steps.empty())
    text += " over " + printable(report.channel.text()) + ", step " + std::to_string(report.step);
  if (report.changedAt) text += ", " + printable(report.changedAt->text());
  text += " (" + certaintyText(report) + ")\n";
  if (report.duplicate) text += "  delivered more than once\n";
  for (const StepReport& step : report.steps) {
    if (step.outcome == StepOutcome::Won || step.reason.empty()) continue;
    text += "  step " + std::to_string(step.step) + ", " + printable(step.channel.text()) + ": " +
            printable(step.reason) + "\n";
  }
  return text;
}

}  // namespace chatapps::cli
