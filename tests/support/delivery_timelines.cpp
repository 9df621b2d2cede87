#include "support/delivery_timelines.hpp"

#include <chrono>
#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "delivery/goal.hpp"

namespace chatapps::support {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// 2026-01-01T00:00:00Z, when every message of the table is submitted.
constexpr SystemTime kSubmitted{seconds(1767225600)};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(trimmed(part));
  return parts;
}

/// `90s` or `11d`, since the message was submitted.
seconds readSeconds(const std::string& text) {
  const auto number = std::stoll(text);
  switch (text.back()) {
    case 's': return seconds(number);
    case 'd': return hours(24 * number);
    default: throw std::invalid_argument("neither seconds nor days: " + text);
  }
}

std::string isoTime(seconds sinceSubmission) {
  const auto day = std::chrono::duration_cast<hours>(sinceSubmission).count() / 24;
  const auto second = (sinceSubmission - hours(24 * day)).count();
  const auto twoDigits = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return "2026-01-" + twoDigits(day + 1) + "T" + twoDigits(second / 3600) + ":" + twoDigits(second / 60 % 60) + ":" +
         twoDigits(second % 60) + "Z";
}

/// `2 SMS undelivered rejected_by_operator (41) @20s`, after `inbound` where it was.
MessageDetail readRecord(const std::string& text) {
  std::istringstream words(text);
  MessageDetail record;
  record.umid = "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9";
  record.direction = Direction::Outbound;
  record.createdAt = Timestamp(isoTime(seconds(0)));
  std::string word;
  words >> word;
  if (word == "inbound") {
    record.direction = Direction::Inbound;
    words >> word;
  }
  record.step = std::stoi(word);
  words >> word;
  record.channel = Channel(word);
  words >> word;
  record.status.state = State(word == "-" ? "" : word);
  while (words >> word) {
    if (word.front() == '(') {
      record.status.errorCode = std::stoll(word.substr(1));
    } else if (word.front() == '@') {
      record.status.timestamp = Timestamp(word == "@?" ? "yesterday" : isoTime(readSeconds(word.substr(1))));
    } else {
      record.status.detail = StatusDetail(word);
    }
  }
  return record;
}

/// `Viber Delivered 60s`; what is left out is as FallbackStep has it.
FallbackStep readPlannedStep(const std::string& text) {
  static const std::pair<const char*, SuccessStatus> kSuccess[] = {{"Accepted", SuccessStatus::Accepted},
                                                                   {"Sent", SuccessStatus::Sent},
                                                                   {"Delivered", SuccessStatus::Delivered},
                                                                   {"Read", SuccessStatus::Read}};
  std::istringstream words(text);
  std::string word;
  words >> word;
  FallbackStep step;
  step.channel = Channel(word);
  while (words >> word) {
    bool isStatus = false;
    for (const auto& [name, success] : kSuccess) {
      if (word != name) continue;
      step.successStatus = success;
      isStatus = true;
    }
    if (!isStatus) step.fallbackAfter = readSeconds(word);
  }
  return step;
}

const char* nameOf(Certainty certainty) {
  switch (certainty) {
    case Certainty::Provisional: return "provisional";
    case Certainty::Final: return "final";
    case Certainty::Unknowable: return "unknowable";
  }
  return "";
}

const char* nameOf(StepOutcome outcome) {
  switch (outcome) {
    case StepOutcome::Waiting: return "waiting";
    case StepOutcome::Overtaken: return "overtaken";
    case StepOutcome::Failed: return "failed";
    case StepOutcome::Unconfirmable: return "unconfirmable";
    case StepOutcome::Won: return "won";
    case StepOutcome::AlsoDelivered: return "also delivered";
  }
  return "";
}

const char* nameOf(FurtherStep furtherStep) {
  switch (furtherStep) {
    case FurtherStep::None: return "none";
    case FurtherStep::Possible: return "possible";
    case FurtherStep::Expected: return "expected";
  }
  return "";
}

const char* nameOf(delivery::GoalAnswer answer) {
  switch (answer) {
    case delivery::GoalAnswer::Reached: return "reached";
    case delivery::GoalAnswer::NotYet: return "not yet";
    case delivery::GoalAnswer::EndedOtherwise: return "ended";
    case delivery::GoalAnswer::Unreachable: return "unreachable";
  }
  return "";
}

}  // namespace

std::vector<DeliveryTimeline> deliveryTimelines(const std::string& markdown) {
  std::vector<DeliveryTimeline> timelines;
  bool inTable = false;
  for (const std::string& line : split(markdown, '\n')) {
    if (line.empty() || line.front() != '|') {
      inTable = false;
      continue;
    }
    const auto cells = split(line.substr(1, line.size() - 2), '|');
    if (cells.front() == "Timeline") {
      inTable = true;
    } else if (inTable && cells.front().rfind("---", 0) != 0) {
      if (cells.size() != 8) throw std::invalid_argument("a row needs 8 cells: " + line);
      timelines.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7]});
    }
  }
  return timelines;
}

MessageDetails readRecords(const std::string& cell) {
  MessageDetails records;
  if (cell == "none") return records;
  for (const std::string& record : split(cell, ';')) records.push_back(readRecord(record));
  return records;
}

FallbackPlan readPlan(const std::string& cell) {
  FallbackPlan plan;
  if (cell.empty()) return plan;
  for (const std::string& step : split(cell, ',')) plan.steps.push_back(readPlannedStep(step));
  return plan;
}

SystemTime readNow(const std::string& cell) { return cell.empty() ? SystemTime() : kSubmitted + readSeconds(cell); }

std::string writeReport(const DeliveryReport& report) {
  std::string text;
  if (!report.steps.empty()) {
    const std::string& state = report.state.text();
    text = std::to_string(report.step) + " " + report.channel.text() + " " + (state.empty() ? "-" : state) + ", ";
  }
  text += nameOf(report.certainty);
  if (report.ifNoStepFollows != report.certainty) text += std::string(" (else ") + nameOf(report.ifNoStepFollows) + ")";
  if (report.duplicate) text += ", duplicate";
  if (!report.planFits) text += ", the plan does not fit";
  return text;
}

std::string writeSteps(const DeliveryReport& report) {
  std::string text;
  for (const StepReport& step : report.steps) {
    if (!text.empty()) text += ", ";
    text += std::to_string(step.step) + " " + nameOf(step.outcome);
  }
  return text;
}

std::string writeNextStep(const DeliveryReport& report) {
  std::string text = nameOf(report.furtherStep);
  if (report.furtherStepBy != SystemTime::max()) {
    const auto by = std::chrono::floor<seconds>(report.furtherStepBy - kSubmitted);
    text += " by " + std::to_string(by.count()) + "s";
  }
  return text;
}

std::string writeGoals(const DeliveryReport& report) {
  std::string text;
  for (const Goal goal : {Goal::Final, Goal::Delivered, Goal::Read}) {
    if (!text.empty()) text += ", ";
    text += nameOf(delivery::judgeGoal(goal, report));
  }
  return text;
}

}  // namespace chatapps::support
