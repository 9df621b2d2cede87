#include "usage.hpp"

#include <algorithm>
#include <chatapps/errors.hpp>
#include <chatapps/printable.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "error_json.hpp"
#include "exit_code.hpp"
#include "standard_output.hpp"
#include "terminal.hpp"

namespace chatapps::cli {
namespace {

constexpr const char* kFooter =
    "Durations: 500ms, 30s, 1.5m. An id that begins with '-' comes after '--'.\n"
    "Environment: CHATAPPS_API_KEY, CHATAPPS_REGION, CHATAPPS_BASE_URL; options win.\n"
    "Exit codes: 0 done, 2 usage, 3 bad request, 4 key refused, 5 no such message,\n"
    "  6 rate limit, 7 server error, 8 network, 9 out of time, 10 unreadable answer,\n"
    "  11 ended otherwise than wished, 12 some items of a bulk failed, 13 TLS,\n"
    "  130 interrupted.";

/// Whether errors are to be JSON, as far as one can tell of a command line that could not be parsed.
bool asksForJson(const CLI::App& program, int argc, const char* const* argv) {
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
  const auto commands = program.get_subcommands();
  const std::string command = !commands.empty() ? commands.front()->get_name() : argc > 1 ? argv[1] : "";
  return command == "bulk" && !isTerminal(2);
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

/// An option without its value, which may be a key: `--name=value`, or `-nvalue`.
std::string nameOf(const std::string& option) {
  const bool isShort = option.compare(0, 2, "--") != 0;
  return printable(option.substr(0, isShort ? 2 : option.find('=')), 64);
}

/// For words that a command does not take. Those that follow an unknown option stay out: one may be a key.
std::string whichExtras(const CLI::App& program) {
  const std::vector<std::string> extras = program.remaining(true);
  const auto option = std::find_if(extras.begin(), extras.end(), [](const std::string& word) {
    return word.size() > 1 && word.front() == '-' && word != "--";
  });
  if (option != extras.end()) return "unknown option: " + nameOf(*option);
  return extras.empty() ? "an argument too many" : "an argument too many: " + printable(extras.front(), 64);
}

/// For a command line without a command that is known. What follows an option that is none of `program` stays out: it may
/// be a key.
std::string whichCommands(const CLI::App& program) {
  const std::vector<std::string> unknown = program.remaining();
  const std::string word = unknown.empty() || unknown.front() == "--" ? "" : printable(unknown.front(), 64);
  if (!word.empty() && word.front() == '-') return "unknown option before the command: " + nameOf(word);
  std::string text = unknown.empty() ? "a command is missing" : "unknown command \"" + word + "\"";
  const char* before = "; the commands are ";
  for (const CLI::App* command : program.get_subcommands({})) {
    if (command->get_group().empty()) continue;  // those that --help leaves out
    text += before + command->get_name();
    before = ", ";
  }
  return text;
}

int show(const std::string& text, StandardError& errors) {
  try {
    writeOutput(text);
  } catch (const ReaderGone&) {
    return kReaderGone;
  } catch (const OutputFailed& failed) {
    errors.write(std::string("chatapps: ") + failed.what() + "\n");
    return kOutputFailed;
  }
  return kDone;
}

}  // namespace

std::vector<std::string> withEmptyValues(int argc, const char* const* argv) {
  std::vector<std::string> words;
  bool options = true;
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    options = options && word != "--";
    const bool isEmpty =
        options && word.size() > 3 && word.compare(0, 2, "--") == 0 && word.find('=') == word.size() - 1;
    if (isEmpty) word.pop_back();
    words.push_back(std::move(word));
    if (isEmpty) words.emplace_back();
  }
  std::reverse(words.begin(), words.end());
  return words;
}

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
    return show(tidied(program.help()), errors);
  }
  if (end.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
    return show(end.what() + std::string("\n"), errors);  // --version
  const bool noCommand = program.get_subcommands().empty() && dynamic_cast<const CLI::RequiredError*>(&end) != nullptr;
  const bool tooMany = dynamic_cast<const CLI::ExtrasError*>(&end) != nullptr;
  const std::string problem = noCommand ? whichCommands(program) : tooMany ? whichExtras(program) : end.what();
  if (asksForJson(program, argc, argv)) {
    errors.write(errorJsonLine(InvalidArgumentError("command line:", problem)));
  } else {
    errors.write("chatapps: " + printable(problem) + "\n          See " + helpCommand(program) + "\n");
  }
  return kUsage;
}

}  // namespace chatapps::cli
