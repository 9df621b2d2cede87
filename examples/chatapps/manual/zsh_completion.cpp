#include "manual/completions.hpp"

namespace chatapps::cli {
namespace {

/// `_arguments` takes `[`, `]` and `:` for its own.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string argument(const OutlineOption& option) {
  const bool repeated = option.name == "--header";
  std::string spec =
      (repeated ? "*" : "") + option.name + (option.value.empty() ? "" : "=") + "[" + escaped(option.description) + "]";
  if (option.value.empty()) return spec;
  spec += ":" + escaped(option.value) + ":";
  if (!option.choices.empty()) return spec + "(" + joined(option.choices, " ") + ")";
  return spec + (option.takesFile() ? "_files" : " ");
}

std::string arguments(const std::vector<OutlineOption>& options, const std::string& indent) {
  std::string text;
  for (const auto& option : options) text += " \\\n" + indent + shellQuoted(argument(option));
  return text;
}

}  // namespace

std::string zshCompletion(const Outline& outline) {
  std::string text = "#compdef chatapps\n# made by `chatapps completions zsh`\n_chatapps() {\n  local -a commands=(\n";
  for (const auto& command : outline.commands) {
    text += "    " + shellQuoted(escaped(command.name) + ":" + command.description) + "\n";
  }
  text += "  )\n  local curcontext=$curcontext state line\n  _arguments -C" + arguments(outline.options, "    ");
  text += " \\\n    '1: :->command' \\\n    '*:: :->rest'\n";
  text += "  case $state in\n    command) _describe command commands ;;\n    rest)\n      case $words[1] in\n";
  for (const auto& command : outline.commands) {
    text += "        " + command.name + ")\n          _arguments" + arguments(command.options, "            ");
    for (const auto& name : command.arguments) {
      text += " \\\n            " + shellQuoted(":" + name + ":" + (command.takesFile() ? "_files" : " "));
    }
    text += "\n          ;;\n";
  }
  return text + "      esac\n      ;;\n  esac\n}\n_chatapps \"$@\"\n";
}

}  // namespace chatapps::cli
