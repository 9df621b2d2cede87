// chatapps doctor: what stands between this machine and the API.
#include <chatapps/client.hpp>
#include <chatapps/errors.hpp>
#include <chatapps/version.hpp>
#include <memory>
#include <optional>
#include <string>

#include "command.hpp"
#include "common_options.hpp"
#include "doctor/curl_findings.hpp"
#include "doctor/environment_findings.hpp"
#include "doctor/key_finding.hpp"
#include "doctor/pacing_finding.hpp"
#include "doctor/probe.hpp"
#include "exit_code.hpp"
#include "standard_output.hpp"

namespace chatapps::cli {
namespace {

struct DoctorCommand {
  std::string format = "table";
  bool online = false;
};

void append(Findings& findings, Findings more) { findings.insert(findings.end(), more.begin(), more.end()); }

bool usesTls(const ClientOptions& options) {
  const std::string scheme = options.baseUrl.substr(0, 5);
  return scheme.size() < 5 || scheme.back() != ':';  // `http:`, however it is written
}

/// The options as a call would use them, but for the key, which has a finding of its own; none where a call would
/// refuse them.
std::optional<ClientOptions> checkedOptions(const CommonOptions& common, StandardError& errors, Findings& findings) {
  try {
    ClientOptions options = common.toClientOptionsWithoutKey(errors);
    ClientOptions checked = options;
    checked.apiKey = "any";
    checked.pacing.scope = Pacing::Scope::Process;  // a look makes no file
    const ChatAppsClient client(checked);
    findings.push_back(good("options", serverOf(options)));
    return options;
  } catch (const InvalidArgumentError& error) {
    findings.push_back(problem("options", kUsage, error.what(), "Correct the option or the environment variable."));
    return std::nullopt;
  }
}

Findings pacingFindings(const ClientOptions& options) {
  if (options.pacing.scope == Pacing::Scope::Host) return {pacingFileFinding(options.pacing.hostFile)};
  if (options.pacing.scope == Pacing::Scope::Off)
    return {note("pacing", "off", "Answers of HTTP 429 are to be expected.")};
  return {good("pacing", "this process alone")};
}

int doctor(const DoctorCommand& command, const CommonOptions& common, Surroundings& around) {
  Findings aboutOptions;
  const auto options = checkedOptions(common, around.errors, aboutOptions);
  Findings findings{good("chatapps", CHATAPPS_VERSION)};
  append(findings, curlFindings());
  findings.push_back(authoritiesFinding(common.caFile, !options || usesTls(*options)));
  append(findings, proxyFindings(common.proxy));
  append(findings, keyLogFindings());
  findings.push_back(keyFinding(common.apiKeyFile));
  append(findings, aboutOptions);
  if (options) {
    append(findings, pacingFindings(*options));
    if (command.online)
      append(findings, probe(*options, [token = around.interrupt.token()] { return token.isCancelled(); }));
  }
  writeOutput(command.format == "json" ? findingsJson(findings) : findingsText(findings));
  return around.interrupt.signal() != 0 ? around.interrupt.exitCode() : exitCodeOf(findings);
}

}  // namespace

void addDoctor(CLI::App& program, CommonOptions& common, Chosen& chosen) {
  const auto options = std::make_shared<DoctorCommand>();
  auto* command = program.add_subcommand("doctor", "Look at what calls from this machine depend on");
  command->add_flag("--online", options->online, "Ask the server as well, without the key: reachable? same time?");
  addWord(*command, "--format", options->format, {"table", "json"}, "How it is written (table)");
  addCommonOptions(*command, common);
  command->callback([options, &common, &chosen] {
    chosen.errorsAsJson = options->format == "json";
    chosen.run = [options, &common](Surroundings& around) { return doctor(*options, common, around); };
  });
}

}  // namespace chatapps::cli
