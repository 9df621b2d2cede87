// chatapps receipt: reads a delivery receipt that 8x8 posted.
#include <chatapps/printable.hpp>
#include <chatapps/receipt.hpp>
#include <memory>
#include <string>

#include "command.hpp"
#include "common_options.hpp"
#include "exit_code.hpp"
#include "input_text.hpp"
#include "output/receipt_text.hpp"
#include "standard_output.hpp"

namespace chatapps::cli {
namespace {

struct ReceiptCommand {
  std::string file;
  std::string format = "table";
};

int receipt(const ReceiptCommand& command) {
  const DeliveryReceipt receipt = parseDeliveryReceipt(readAll(command.file));
  writeOutput(command.format == "json" ? jsonText(receiptJson(receipt)) + "\n" : receiptText(receipt));
  return kDone;
}

}  // namespace

void addReceipt(CLI::App& program, CommonOptions& common, Chosen& chosen) {
  const auto options = std::make_shared<ReceiptCommand>();
  auto* command = program.add_subcommand("receipt", "Read a delivery receipt, as 8x8 posts it to your URL");
  command->add_option("FILE", options->file, "The file, or - for standard input")->required()->type_name("");
  addWord(*command, "--format", options->format, {"table", "json"}, "How it is written (table)");
  addCommonOptions(*command, common);
  command->callback([options, &chosen] {
    chosen.errorsAsJson = options->format == "json";
    chosen.run = [options](Surroundings&) { return receipt(*options); };
  });
}

}  // namespace chatapps::cli
