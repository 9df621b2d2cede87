// chatapps bulk: many messages, as fast as the limits of their subaccounts allow.
#include <chatapps/client.hpp>
#include <memory>
#include <string>

#include "bulk_run.hpp"
#include "command.hpp"
#include "terminal.hpp"

namespace chatapps::cli {
namespace {

struct BulkCommand {
  BulkSettings settings;
  std::string progress = "auto";
};

/// Where a pipe takes the results, the program behind it writes to the terminal: a bar would get in its way.
bool wantsBar(const std::string& progress) {
  return progress == "always" || (progress == "auto" && isTerminal(2) && !isPipe(1));
}

int bulk(BulkCommand& command, const CommonOptions& common, Surroundings& around) {
  command.settings.bar = wantsBar(command.progress);
  const ChatAppsClient client(common.toClientOptions(around.errors));
  return BulkRun(command.settings, around).run(client);
}

}  // namespace

void addBulk(CLI::App& program, CommonOptions& common, Chosen& chosen) {
  const auto options = std::make_shared<BulkCommand>();
  auto& settings = options->settings;
  settings.format = "ndjson";
  auto* command = program.add_subcommand("bulk", "Retrieve many messages, one line 'subaccount,umid' each");
  command->add_option("FILE", settings.file, "The file, or - for standard input")->required()->type_name("");
  addText(*command, "--subaccount", "ID", settings.subAccountId, "For lines that hold a umid alone");
  addWord(*command, "--format", settings.format, {"ndjson", "csv"}, "How results are written (ndjson)");
  addWord(*command, "--progress", options->progress, {"auto", "always", "never"},
          "A bar on standard error (auto: on a terminal)");
  addCommonOptions(*command, common);
  command->callback([options, command, &common, &chosen] {
    // Results are JSON unless told otherwise, yet a person who did not ask for it reads errors more easily as text.
    const bool asked = command->count("--format") > 0;
    chosen.errorsAsJson = options->settings.format == "ndjson" && (asked || !isTerminal(2));
    common.warns = !chosen.errorsAsJson;
    chosen.run = [options, &common](Surroundings& around) { return bulk(*options, common, around); };
  });
}

}  // namespace chatapps::cli
