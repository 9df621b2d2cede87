// chatapps completions SHELL, chatapps man: what is installed beside the program. Hidden from --help.
#include <memory>
#include <string>

#include "command.hpp"
#include "common_options.hpp"
#include "exit_code.hpp"
#include "manual/completions.hpp"
#include "manual/man_page.hpp"
#include "standard_output.hpp"

namespace chatapps::cli {
namespace {

std::string completion(const std::string& shell, const Outline& outline) {
  if (shell == "bash") return bashCompletion(outline);
  return shell == "zsh" ? zshCompletion(outline) : fishCompletion(outline);
}

}  // namespace

void addManual(CLI::App& program, Chosen& chosen) {
  const auto shell = std::make_shared<std::string>();
  auto* completions = program.add_subcommand("completions", "Write the completions of a shell: bash, zsh or fish");
  addWord(*completions, "SHELL", *shell, {"bash", "zsh", "fish"}, "The shell");
  completions->get_option("SHELL")->required();
  completions->group("");
  completions->callback([shell, &program, &chosen] {
    chosen.run = [shell, &program](Surroundings&) {
      writeOutput(completion(*shell, outlineOf(program)));
      return kDone;
    };
  });

  auto* man = program.add_subcommand("man", "Write the manual page");
  man->group("");
  man->callback([&program, &chosen] {
    chosen.run = [&program](Surroundings&) {
      writeOutput(manPage(outlineOf(program)));
      return kDone;
    };
  });
}

}  // namespace chatapps::cli
