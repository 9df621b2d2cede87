/// @file finding.hpp
/// What `chatapps doctor` found, and how it is told.
#pragma once

#include <string>
#include <vector>

#include "exit_code.hpp"

namespace chatapps::cli {

/// One thing that was looked at.
struct Finding {
  std::string name;           ///< such as `libcurl`; one word or two
  std::string text;           ///< what is so; never a secret
  std::string advice;         ///< what to do, or empty where all is well
  ExitCode exitCode = kDone;  ///< of a problem: the code that a call would end with

  bool isProblem() const noexcept { return exitCode != kDone; }
};

using Findings = std::vector<Finding>;

/// All is well.
Finding good(std::string name, std::string text);
/// Calls work, and something about them could be better.
Finding note(std::string name, std::string text, std::string advice);
/// Calls fail until it is mended.
Finding problem(std::string name, ExitCode exitCode, std::string text, std::string advice);

/// A line for each finding, its advice below it.
std::string findingsText(const Findings& findings);
/// `{"findings":[{"name","level":"ok"|"note"|"problem","text","advice"}],"exitCode":N}` and a line break.
std::string findingsJson(const Findings& findings);

/// That of the first problem; 0 where there is none.
ExitCode exitCodeOf(const Findings& findings);

}  // namespace chatapps::cli
