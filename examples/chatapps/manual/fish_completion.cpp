#include "manual/completions.hpp"

namespace chatapps::cli {
namespace {

/// In single quotes fish takes a backslash before a quote or another backslash only.
std::string fishQuoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string line(const OutlineOption& option, const std::string& condition) {
  std::string text = "complete -c chatapps" + condition + " -l " + option.name.substr(2);
  if (!option.value.empty()) text += option.takesFile() ? " -r -F" : " -x";
  if (!option.choices.empty()) text += " -a " + fishQuoted(joined(option.choices, " "));
  return text + " -d " + fishQuoted(option.description) + "\n";
}

}  // namespace

std::string fishCompletion(const Outline& outline) {
  std::string text = "# fish completion for chatapps; made by `chatapps completions fish`\ncomplete -c chatapps -f\n";
  for (const auto& option : outline.options) text += line(option, "");
  for (const auto& command : outline.commands) {
    text += "complete -c chatapps -n __fish_use_subcommand -a " + command.name + " -d " +
            fishQuoted(command.description) + "\n";
    const std::string condition = " -n '__fish_seen_subcommand_from " + command.name + "'";
    if (command.takesFile()) text += "complete -c chatapps" + condition + " -F\n";
    for (const auto& option : command.options) {
      if (!option.common) text += line(option, condition);
    }
  }
  return text;
}

}  // namespace chatapps::cli
