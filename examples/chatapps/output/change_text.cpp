#include "output/change_text.hpp"

#include <chatapps/printable.hpp>

namespace chatapps::cli {
namespace {

std::string field(const std::string& text) { return text.empty() ? "-" : printable(text); }

/// Why it did not go as wished: of the last step that tells.
std::string reasonOf(const TrackedChange& change) {
  if (!change.problem.empty() || change.report.delivered()) return change.problem;
  return change.report.steps.empty() ? std::string() : change.report.steps.back().reason;
}

}  // namespace

const char* endingText(Ending ending) {
  switch (ending) {
    case Ending::None: return "-";
    case Ending::Reached: return "reached";
    case Ending::EndedOtherwise: return "ended-otherwise";
    case Ending::Unreachable: return "unreachable";
    case Ending::TimedOut: return "timed-out";
    case Ending::Refused: return "refused";
  }
  return "-";
}

std::string changeLine(const TrackedChange& change) {
  return std::to_string(change.number) + '\t' + change.subAccountId + ',' + change.umid + '\t' +
         field(change.report.state.text()) + '\t' + field(change.report.channel.text()) + '\t' +
         endingText(change.ending) + '\t' + field(reasonOf(change)) + '\n';
}

std::string endingLine(const TrackedChange& change) {
  std::string line = change.umid + "  ";
  if (!change.report.steps.empty())
    line += field(change.report.state.text()) + " over " + field(change.report.channel.text());
  if (change.ending != Ending::Reached)
    line += std::string(change.report.steps.empty() ? "" : ", ") + endingText(change.ending);
  if (const std::string reason = reasonOf(change); !reason.empty()) line += ": " + printable(reason);
  return line + '\n';
}

}  // namespace chatapps::cli
