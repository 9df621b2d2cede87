#include <map>
#include <vector>

#include "manual/completions.hpp"

namespace chatapps::cli {
namespace {

std::vector<std::string> names(const std::vector<OutlineOption>& options) {
  std::vector<std::string> all;
  all.reserve(options.size());
  for (const auto& option : options) all.push_back(option.name);
  return all;
}

/// The lines of a `case` over "COMMAND PREVIOUS-WORD": what an option's value may be.
std::string valueCases(const std::string& command, const std::vector<OutlineOption>& options) {
  std::string cases;
  for (const auto& option : options) {
    if (option.value.empty()) continue;
    cases += "    '" + command + " " + option.name + "') ";
    if (!option.choices.empty()) {
      cases += "words='" + joined(option.choices, " ") + "'";
    } else {
      cases += option.takesFile() ? "files=1" : "return 0";
    }
    cases += " ;;\n";
  }
  return cases;
}

constexpr const char* kBegin = R"(# bash completion for chatapps; made by `chatapps completions bash`
_chatapps() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= words= files= i
  COMPREPLY=()
  # "--format=json" arrives as three words.
  if [ "$word" = = ]; then
    word=
  elif [ "$previous" = = ]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case ${COMP_WORDS[i]} in
      )";
constexpr const char* kEnd = R"(  esac
  if [ -n "$files" ] && [[ $word != -* ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$word")
  else
    while IFS= read -r i; do COMPREPLY+=("$i"); done < <(compgen -W "$words" -- "$word")
  fi
}
complete -F _chatapps chatapps
)";

}  // namespace

std::string bashCompletion(const Outline& outline) {
  std::vector<std::string> commands;
  for (const auto& command : outline.commands) commands.push_back(command.name);
  std::string text = kBegin + joined(commands, " | ") + ") command=${COMP_WORDS[i]} && break ;;\n    esac\n  done\n";
  text += "  case \"$command $previous\" in\n" + valueCases("", outline.options);
  for (const auto& command : outline.commands) text += valueCases(command.name, command.options);
  text += "    ' '*) words='" + joined(commands, " ") + " " + joined(names(outline.options), " ") + "' ;;\n";
  for (const auto& command : outline.commands) {
    text += "    '" + command.name + " '*) words='" + joined(names(command.options), " ") + "'";
    text += std::string(command.takesFile() ? " files=1" : "") + " ;;\n";
  }
  return text + kEnd;
}

}  // namespace chatapps::cli
