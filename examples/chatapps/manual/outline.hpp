/// @file outline.hpp
/// The command line as data: what the manual and the completions are made from.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;  // its header takes longer to read than all that is made from this one
}

namespace chatapps::cli {

struct OutlineOption {
  std::string name;   ///< with its dashes
  std::string value;  ///< what it takes, such as `FILE` or `table|json`; empty: a flag
  std::string description;
  std::vector<std::string> choices;  ///< the words that it takes; empty: any text
  bool common = false;               ///< every command takes it

  bool takesFile() const { return value == "FILE"; }
};

struct OutlineCommand {
  std::string name;
  std::string description;
  std::vector<std::string> arguments;  ///< such as `SUBACCOUNT`, in order
  std::vector<OutlineOption> options;  ///< the common ones too

  bool takesFile() const { return !arguments.empty() && arguments.front() == "FILE"; }
};

struct Outline {
  std::string description;
  std::string footer;
  std::vector<OutlineOption> options;  ///< those that every command takes
  std::vector<OutlineCommand> commands;
};

/// What is hidden from `--help` is left out here too.
Outline outlineOf(const CLI::App& program);

std::string joined(const std::vector<std::string>& words, const std::string& separator);

/// `text` between single quotes of a shell.
std::string shellQuoted(const std::string& text);

}  // namespace chatapps::cli
