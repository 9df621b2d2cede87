// chatapps get: one message, one record for each channel that was tried.
#include <chatapps/client.hpp>
#include <memory>
#include <string>

#include "command.hpp"
#include "common_options.hpp"
#include "exit_code.hpp"
#include "output/csv.hpp"
#include "output/record_json.hpp"
#include "output/table.hpp"
#include "standard_output.hpp"
#include "terminal.hpp"

namespace chatapps::cli {
namespace {

struct GetOptions {
  std::string subAccountId, umid;
  std::string format = "table";
};

std::string show(const MessageDetails& details, const std::string& format) {
  if (format == "csv") return csvHeader() + csvLines(details);
  if (format == "json") {
    Json json = Json::object();
    json["data"] = recordsJson(details);
    return jsonText(json, isTerminal(1) ? 2 : -1) + "\n";
  }
  if (format == "ndjson") {
    std::string lines;
    for (const auto& record : details) lines += jsonText(recordJson(record)) + "\n";
    return lines;
  }
  return table(details, {terminalColumns(1), wantsColour(1)});
}

int get(const GetOptions& options, const CommonOptions& common, Surroundings& around) {
  const ChatAppsClient client(common.toClientOptions(around.errors));
  CallOptions call;
  call.cancellation = around.interrupt.token();
  writeOutput(show(client.getMessageDetails(options.subAccountId, options.umid, call), options.format));
  return kDone;
}

}  // namespace

void addGet(CLI::App& program, CommonOptions& common, Chosen& chosen) {
  const auto options = std::make_shared<GetOptions>();
  auto* command = program.add_subcommand("get", "Retrieve what became of one message");
  command->add_option("SUBACCOUNT", options->subAccountId, "The subaccount that sent it")->required()->type_name("");
  command->add_option("UMID", options->umid, "The id that 8x8 gave the message")->required()->type_name("");
  addWord(*command, "--format", options->format, {"table", "json", "ndjson", "csv"}, "How it is written (table)");
  addCommonOptions(*command, common);
  command->callback([options, &common, &chosen] {
    chosen.errorsAsJson = options->format == "json" || options->format == "ndjson";
    common.warns = !chosen.errorsAsJson;
    chosen.run = [options, &common](Surroundings& around) { return get(*options, common, around); };
  });
}

}  // namespace chatapps::cli
