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

int bulk(BulkCommand& command, const CommonOptions& common, Surroundings& around) {
  command.settings.bar = command.progress == "always" || (command.progress == "auto" && isTerminal(2));
  BulkRun run(command.settings, around);
  const ChatAppsClient client(common.toClientOptions(around.errors));
  return run.run(client);
}

}  // namespace

void addBulk(CLI::App& program, CommonOptions& common, Chosen& chosen) {
  const auto options = std::make_shared<BulkCommand>();
  auto& settings = options->settings;
  settings.format = "ndjson";
  auto* command = program.add_subcommand("bulk", "Retrieve many messages, one line 'subaccount,umid' each");
  command->add_option("FILE", settings.file, "The file, or - for standard input")->required();
  command->add_option("--subaccount", settings.subAccountId, "For lines that hold a umid alone")->type_name("ID");
  addFormat(*command, settings.format, {"ndjson", "csv"});
  command->add_option("--progress", options->progress, "A bar on standard error (default auto: on a terminal)")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("auto|always|never");
  addCommonOptions(*command, common);
  command->callback([options, &common, &chosen] {
    chosen.errorsAsJson = options->settings.format == "ndjson";
    chosen.run = [options, &common](Surroundings& around) { return bulk(*options, common, around); };
  });
}

}  // namespace chatapps::cli
