#include "manual/outline.hpp"

#include <CLI/CLI.hpp>

namespace chatapps::cli {
namespace {

/// Values whose words stand in their descriptions, where they read better.
std::vector<std::string> choicesOf(const std::string& value) {
  if (value == "REGION") return {"asia-pacific", "north-america", "europe", "indonesia"};
  if (value == "SCOPE") return {"host", "process", "off"};
  if (value.find('|') == std::string::npos) return {};
  return CLI::detail::split(value, '|');
}

OutlineOption outlineOf(const CLI::Option& option, bool common) {
  OutlineOption outline;
  outline.name = "--" + option.get_lnames().front();
  if (option.get_items_expected_max() > 0) outline.value = option.get_type_name();
  outline.description = option.get_description();
  outline.choices = choicesOf(outline.value);
  outline.common = common;
  return outline;
}

bool isShown(const CLI::Option& option) { return !option.get_group().empty(); }

}  // namespace

std::string joined(const std::vector<std::string>& words, const std::string& separator) {
  return CLI::detail::join(words, separator);
}

Outline outlineOf(const CLI::App& program) {
  Outline outline{program.get_description(), program.get_footer(), {}, {}};
  for (const CLI::Option* option : program.get_options()) {
    if (isShown(*option)) outline.options.push_back(outlineOf(*option, true));
  }
  // `--timeout` of a command may mean something of its own, and is then told of there.
  const auto isCommon = [&outline](const std::string& name, const std::string& description) {
    for (const auto& option : outline.options) {
      if (option.name == name && option.description == description) return true;
    }
    return false;
  };
  for (const CLI::App* app :
       program.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); })) {
    OutlineCommand command{app->get_name(), app->get_description(), {}, {}};
    for (const CLI::Option* option : app->get_options()) {
      if (option->get_positional()) {
        command.arguments.push_back(option->get_name(true));
      } else if (isShown(*option)) {
        const auto& name = "--" + option->get_lnames().front();
        command.options.push_back(outlineOf(*option, isCommon(name, option->get_description())));
      }
    }
    outline.commands.push_back(std::move(command));
  }
  return outline;
}

std::string shellQuoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace chatapps::cli
