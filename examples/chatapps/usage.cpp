#include "usage.hpp"

#include <chatapps/errors.hpp>
#include <chatapps/printable.hpp>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "error_json.hpp"
#include "exit_code.hpp"

namespace chatapps::cli {
namespace {

constexpr const char* kFooter =
    "Durations: 500ms, 30s, 1.5m. An id that begins with '-' comes after '--'.\n"
    "Environment: CHATAPPS_API_KEY, CHATAPPS_REGION, CHATAPPS_BASE_URL; options win.\n"
    "Exit codes: 0 done, 2 usage, 3 bad request, 4 key refused, 5 no such message,\n"
    "  6 rate limit, 7 server error, 8 network, 9 out of time, 10 unreadable answer,\n"
    "  11 ended otherwise than wished, 12 some items of a bulk failed, 13 TLS,\n"
    "  130 interrupted.";

/// Whether the command line asks for JSON, as far as one can tell of one that could not be parsed.
bool asksForJson(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    std::string_view word = argv[i];
    if (word == "--") break;
    if (word == "--format" && i + 1 < argc) {
      word = argv[i + 1];
    } else if (word.substr(0, 9) == "--format=") {
      word.remove_prefix(9);
    } else {
      continue;
    }
    return word == "json" || word == "ndjson";
  }
  return false;
}

/// The library's help without its double blank lines.
std::string tidied(std::string help) {
  for (auto at = help.find("\n\n\n"); at != std::string::npos; at = help.find("\n\n\n", at)) help.erase(at, 1);
  return help;
}

std::string helpCommand(const CLI::App& program) {
  const auto commands = program.get_subcommands();
  return "chatapps " + (commands.empty() ? std::string() : commands.front()->get_name() + " ") + "--help";
}

/// For a command line without a command that is known. What follows an option that is none of `program` stays out: it may
/// be a key.
std::string whichCommands(const CLI::App& program) {
  const std::vector<std::string> unknown = program.remaining();
  const std::string word = unknown.empty() || unknown.front() == "--" ? "" : printable(unknown.front(), 64);
  if (!word.empty() && word.front() == '-')
    return "unknown option before the command: " + word.substr(0, word.find('='));
  std::string text = unknown.empty() ? "a command is missing" : "unknown command \"" + word + "\"";
  const char* before = "; the commands are ";
  for (const CLI::App* command : program.get_subcommands({})) {
    if (command->get_group().empty()) continue;  // those that --help leaves out
    text += before + command->get_name();
    before = ", ";
  }
  return text;
}

}  // namespace

void setUpUsage(CLI::App& program) {
  program.require_subcommand(1);
  program.footer(kFooter);
  program.get_formatter()->column_width(25);
  program.get_formatter()->label("REQUIRED", "");
  program.get_formatter()->label("SUBCOMMAND", "COMMAND");
  program.get_formatter()->label("SUBCOMMANDS", "COMMANDS");
  program.get_formatter()->label("Subcommands", "Commands");
}

int endParsing(const CLI::App& program, const CLI::ParseError& end, int argc, const char* const* argv,
               StandardError& errors) {
  if (dynamic_cast<const CLI::CallForHelp*>(&end) != nullptr) {
    std::cout << tidied(program.help());
    return kDone;
  }
  if (end.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return program.exit(end);  // --version
  const bool noCommand = program.get_subcommands().empty() && dynamic_cast<const CLI::RequiredError*>(&end) != nullptr;
  const std::string problem = noCommand ? whichCommands(program) : end.what();
  if (asksForJson(argc, argv)) {
    errors.write(errorJsonLine(InvalidArgumentError("command line:", problem)));
  } else {
    errors.write("chatapps: " + printable(problem) + "\n          See " + helpCommand(program) + "\n");
  }
  return kUsage;
}

}  // namespace chatapps::cli
