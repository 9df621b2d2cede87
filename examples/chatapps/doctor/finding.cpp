#include "doctor/finding.hpp"

#include <algorithm>
#include <chatapps/printable.hpp>
#include <utility>

#include "output/record_json.hpp"

namespace chatapps::cli {
namespace {

std::string level(const Finding& finding) {
  if (finding.isProblem()) return "problem";
  return finding.advice.empty() ? "ok" : "note";
}

std::string padded(std::string text, std::size_t columns) {
  text.resize(std::max(columns, text.size()), ' ');
  return text;
}

}  // namespace

Finding good(std::string name, std::string text) { return {std::move(name), std::move(text), "", kDone}; }

Finding note(std::string name, std::string text, std::string advice) {
  return {std::move(name), std::move(text), std::move(advice), kDone};
}

Finding problem(std::string name, ExitCode exitCode, std::string text, std::string advice) {
  return {std::move(name), std::move(text), std::move(advice), exitCode};
}

std::string findingsText(const Findings& findings) {
  std::size_t columns = 0;
  for (const auto& finding : findings) columns = std::max(columns, finding.name.size() + 2);
  std::string text;
  for (const auto& finding : findings) {
    text += padded(level(finding), 9) + padded(finding.name, columns) + printable(finding.text) + "\n";
    if (!finding.advice.empty()) text += padded("", 9 + columns) + printable(finding.advice) + "\n";
  }
  return text;
}

std::string findingsJson(const Findings& findings) {
  Json json;
  json["findings"] = Json::array();
  for (const auto& finding : findings) {
    Json entry{{"name", finding.name}, {"level", level(finding)}, {"text", finding.text}};
    if (!finding.advice.empty()) entry["advice"] = finding.advice;
    json["findings"].push_back(std::move(entry));
  }
  json["exitCode"] = static_cast<int>(exitCodeOf(findings));
  return jsonText(json) + "\n";
}

ExitCode exitCodeOf(const Findings& findings) {
  const auto first = std::find_if(findings.begin(), findings.end(), [](const Finding& f) { return f.isProblem(); });
  return first == findings.end() ? kDone : first->exitCode;
}

}  // namespace chatapps::cli
