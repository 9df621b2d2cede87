// chatapps wait: looks at a message until it has come as far as asked.
#include <chatapps/client.hpp>
#include <memory>
#include <string>

#include "command.hpp"
#include "common_options.hpp"
#include "exit_code.hpp"
#include "output/report_text.hpp"
#include "standard_output.hpp"

namespace chatapps::cli {
namespace {

struct WaitCommand {
  std::string subAccountId, umid;
  std::string until = "final";
  std::optional<std::chrono::milliseconds> fallbackGrace;
};

Goal goalNamed(const std::string& name) {
  if (name == "delivered") return Goal::Delivered;
  return name == "read" ? Goal::Read : Goal::Final;
}

bool isReached(Goal goal, const DeliveryReport& report) {
  if (goal == Goal::Delivered) return report.delivered();
  return goal == Goal::Read ? report.read() : report.isFinal();
}

int wait(const WaitCommand& command, const CommonOptions& common, Surroundings& around) {
  ClientOptions options = common.toClientOptions(around.errors);
  WaitOptions wait;
  wait.goal = goalNamed(command.until);
  wait.cancellation = around.interrupt.token();
  if (common.timeout) wait.timeout = *common.timeout;
  if (command.fallbackGrace) wait.fallbackGrace = *command.fallbackGrace;
  options.timeout = ClientOptions().timeout;  // --timeout is the wait's; a single look keeps its own
  const DeliveryReport report = ChatAppsClient(options).waitFor(command.subAccountId, command.umid, wait);
  writeOutput(reportText(report));
  return isReached(wait.goal, report) ? kDone : kEndedOtherwise;
}

}  // namespace

void addWait(CLI::App& program, CommonOptions& common, Chosen& chosen) {
  const auto options = std::make_shared<WaitCommand>();
  auto* command = program.add_subcommand("wait", "Wait until a message has come as far as you wish");
  command->add_option("SUBACCOUNT", options->subAccountId, "The subaccount that sent it")->required()->type_name("");
  command->add_option("UMID", options->umid, "The id that 8x8 gave the message")->required()->type_name("");
  addWord(*command, "--until", options->until, {"final", "delivered", "read"}, "What to wait for (final)");
  addDuration(*command, "--fallback-grace", options->fallbackGrace,
              "How long a failed last step is watched for another channel (60s)");
  addCommonOptions(*command, common);
  command->get_option("--timeout")->description("How long to wait in all (10m)");
  command->callback([options, &common, &chosen] {
    chosen.run = [options, &common](Surroundings& around) { return wait(*options, common, around); };
  });
}

}  // namespace chatapps::cli
