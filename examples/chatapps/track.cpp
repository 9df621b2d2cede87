// chatapps track: follows many messages until it is known what became of each.
#include <chatapps/client.hpp>
#include <chatapps/tracker.hpp>
#include <memory>
#include <string>
#include <utility>

#include "command.hpp"
#include "terminal.hpp"
#include "track_run.hpp"
#include "warnings.hpp"

namespace chatapps::cli {
namespace {

struct TrackCommand {
  TrackSettings settings;
  std::string until = "final";
  std::optional<std::chrono::milliseconds> fallbackGrace;
};

int track(TrackCommand& command, const CommonOptions& common, Surroundings& around) {
  TrackerOptions& tracking = command.settings.tracking;
  tracking.goal = command.until == "delivered" ? Goal::Delivered : command.until == "read" ? Goal::Read : Goal::Final;
  tracking.rememberEnded = std::chrono::hours(30 * 24);  // a list is read anew after a restart
  if (common.timeout) tracking.timeout = *common.timeout;
  if (command.fallbackGrace) tracking.fallbackGrace = *command.fallbackGrace;
  command.settings.live = isLiveTerminal(1) && !common.verbose;
  ClientOptions options = common.toClientOptions(around.errors);
  options.timeout = ClientOptions().timeout;  // --timeout is the message's; a single look keeps its own
  TrackRun run(command.settings, around);
  if (command.settings.live)
    options.observer = std::make_shared<Warnings>([&run](const std::string& line) { run.keep(line); });
  return run.run(ChatAppsClient(std::move(options)));
}

}  // namespace

void addTrack(CLI::App& program, CommonOptions& common, Chosen& chosen) {
  const auto options = std::make_shared<TrackCommand>();
  auto& settings = options->settings;
  auto* command = program.add_subcommand("track", "Follow many messages to their end, one line 'subaccount,umid' each");
  command->add_option("FILE", settings.file, "The file, or - for standard input")->required()->type_name("");
  addText(*command, "--subaccount", "ID", settings.subAccountId, "For lines that hold a umid alone");
  addWord(*command, "--until", options->until, {"final", "delivered", "read"},
          "What to follow each message for (final)");
  addText(*command, "--checkpoint", "FILE", settings.tracking.checkpointFile,
          "Where it is kept how far it came; resumed from");
  addDuration(*command, "--fallback-grace", options->fallbackGrace,
              "How long a failed last step is watched for another channel (60s)");
  addCommonOptions(*command, common);
  command->get_option("--timeout")->description("How long each message is followed (72h)");
  command->callback([options, &common, &chosen] {
    chosen.run = [options, &common](Surroundings& around) { return track(*options, common, around); };
  });
}

}  // namespace chatapps::cli
