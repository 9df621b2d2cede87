#include "common_options.hpp"

#include <chatapps/errors.hpp>
#include <chatapps/version.hpp>
#include <map>
#include <memory>

#include "duration.hpp"
#include "event_log.hpp"
#include "key_file.hpp"

namespace chatapps::cli {
namespace {

constexpr const char* kGroup = "Common options";

const std::map<std::string, Region>& regions() {
  static const std::map<std::string, Region> names = {{"asia-pacific", Region::AsiaPacific},
                                                      {"north-america", Region::NorthAmerica},
                                                      {"europe", Region::Europe},
                                                      {"indonesia", Region::Indonesia}};
  return names;
}

const std::map<std::string, Pacing::Scope>& scopes() {
  static const std::map<std::string, Pacing::Scope> names = {
      {"process", Pacing::Scope::Process}, {"host", Pacing::Scope::Host}, {"off", Pacing::Scope::Off}};
  return names;
}

/// An option whose value is one of a few words.
template <class Value, class Target>
void addChoice(CLI::App& command, const std::string& name, const std::map<std::string, Value>& choices, Target& target,
               const std::string& typeName, const std::string& description) {
  command
      .add_option_function<std::string>(
          name,
          [&choices, &target, name, typeName](const std::string& word) {
            const auto found = choices.find(word);
            if (found == choices.end()) throw CLI::ValidationError(name, "must be one of " + typeName);
            target = found->second;
          },
          description)
      ->type_name(typeName)
      ->group(kGroup);
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The value of a header may be a secret, so a message never shows it.
Header parseHeader(const std::string& line) {
  const auto colon = line.find(':');
  if (colon == std::string::npos) throw CLI::ValidationError("--header", "must look like 'Name: value'");
  return {trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1))};
}

void addConnectionOptions(CLI::App& command, CommonOptions& common) {
  command.add_option("--api-key-file", common.apiKeyFile, "File that holds the API key (else CHATAPPS_API_KEY)")
      ->type_name("FILE")
      ->group(kGroup);
  // A key on the command line can be seen by every user of the machine. Known only to refuse it without repeating it.
  command
      .add_option_function<std::string>("--api-key",
                                        [](const std::string&) {
                                          throw CLI::ValidationError(
                                              "--api-key",
                                              "a key is not taken from the command line, where others can "
                                              "see it: use --api-key-file or CHATAPPS_API_KEY");
                                        })
      ->group("");
  addChoice(command, "--region", regions(), common.region, "asia-pacific|north-america|europe|indonesia",
            "Where the account lives (else CHATAPPS_REGION)");
  command
      .add_option("--base-url", common.baseUrl, "Instead of a region: scheme, host and port (else CHATAPPS_BASE_URL)")
      ->type_name("URL")
      ->group(kGroup);
  command.add_option("--ca-file", common.caFile, "PEM bundle that verifies the server")
      ->type_name("FILE")
      ->group(kGroup);
  command.add_option("--proxy", common.proxy, "Proxy to go through; '' for none (else as the environment says)")
      ->type_name("URL")
      ->group(kGroup);
  command
      .add_option_function<std::string>(
          "--header", [&common](const std::string& line) { common.headers.push_back(parseHeader(line)); },
          "'Name: value', added to each request; may be repeated")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->trigger_on_parse()
      ->type_name("HEADER")
      ->group(kGroup);
}

void addCallOptions(CLI::App& command, CommonOptions& common) {
  addDuration(command, "--timeout", common.timeout, "Deadline of one call, waiting and retries included (default 30s)")
      ->group(kGroup);
  command.add_option("--max-attempts", common.maxAttempts, "Requests that one call may send (default 4)")
      ->type_name("N")
      ->group(kGroup);
  addChoice(command, "--pacing", scopes(), common.pacing, "process|host|off",
            "Who shares the limit of 1 request a second and subaccount (default host)");
  command.add_option("--pacing-file", common.pacingFile, "With --pacing host: the file through which it is shared")
      ->type_name("FILE")
      ->group(kGroup);
  command.add_option("--rate", common.requestsPerSecond, "Requests a second and subaccount (default 1)")
      ->type_name("N")
      ->group(kGroup);
  command.add_flag("--verbose", common.verbose, "Tell on standard error what happens")->group(kGroup);
}

Pacing toPacing(const CommonOptions& common) {
  Pacing pacing = Pacing::host(common.pacingFile);
  pacing.scope = common.pacing.value_or(Pacing::Scope::Host);
  pacing.requestsPerSecond = common.requestsPerSecond;
  if (!common.pacingFile.empty() && pacing.scope != Pacing::Scope::Host) {
    throw InvalidArgumentError("--pacing-file", "goes with --pacing host only");
  }
  return pacing;
}

}  // namespace

CLI::Option* addDuration(CLI::App& command, const std::string& name, std::optional<std::chrono::milliseconds>& value,
                         const std::string& description) {
  return command
      .add_option_function<std::string>(
          name,
          [&value, name](const std::string& text) {
            value = parseDuration(text);
            if (!value) throw CLI::ValidationError(name, "needs a number and a unit, such as 500ms, 30s or 5m");
          },
          description)
      ->type_name("DURATION");
}

void addFormat(CLI::App& command, std::string& format, const std::vector<std::string>& choices) {
  command.add_option("--format", format, "How the results are written (default " + choices.front() + ")")
      ->check(CLI::IsMember(choices))
      ->type_name(CLI::detail::join(choices, "|"));
}

void addCommonOptions(CLI::App& command, CommonOptions& common) {
  addConnectionOptions(command, common);
  addCallOptions(command, common);
  command.set_version_flag("--version", "chatapps " CHATAPPS_VERSION)->group(kGroup);
}

ClientOptions CommonOptions::toClientOptions(StandardError& errors) const {
  auto options = ClientOptions::fromEnvironment();
  if (!apiKeyFile.empty()) options.apiKey = readKeyFile(apiKeyFile);
  if (region) {
    options.region = *region;
    options.baseUrl.clear();
  }
  if (!baseUrl.empty()) options.baseUrl = baseUrl;
  if (timeout) options.timeout = *timeout;
  if (maxAttempts) options.retry.maxAttempts = *maxAttempts;
  options.headers.insert(options.headers.end(), headers.begin(), headers.end());
  if (!caFile.empty()) options.tls.caFile = caFile;
  if (proxy) options.proxy = *proxy;
  options.pacing = toPacing(*this);
  options.userAgentSuffix = "chatapps-cli";
  if (verbose) options.observer = std::make_shared<EventLog>(errors);
  return options;
}

}  // namespace chatapps::cli
