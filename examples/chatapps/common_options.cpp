#include "common_options.hpp"

#include <algorithm>
#include <chatapps/errors.hpp>
#include <chatapps/version.hpp>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <memory>
#include <utility>

#include "duration.hpp"
#include "event_log.hpp"
#include "key_file.hpp"
#include "warnings.hpp"

namespace chatapps::cli {
namespace {

constexpr const char* kGroup = "Common options";

/// Sets `target` to what the word stands for; any other word ends the parsing.
template <class Target, class Value>
void choose(Target& target, const std::string& name, const std::string& word,
            std::initializer_list<std::pair<const char*, Value>> choices) {
  std::string allowed;
  for (const auto& [choice, value] : choices) {
    if (word == choice) {
      target = value;
      return;
    }
    allowed += std::string(allowed.empty() ? "" : ", ") + choice;
  }
  throw CLI::ValidationError(name, "must be one of " + allowed);
}

void chooseRegion(CommonOptions& common, const std::string& word) {
  choose<std::optional<Region>, Region>(common.region, "--region", word,
                                        {{"asia-pacific", Region::AsiaPacific},
                                         {"north-america", Region::NorthAmerica},
                                         {"europe", Region::Europe},
                                         {"indonesia", Region::Indonesia}});
}

void choosePacing(CommonOptions& common, const std::string& word) {
  using Scope = Pacing::Scope;
  choose<std::optional<Scope>, Scope>(common.pacing, "--pacing", word,
                                      {{"process", Scope::Process}, {"host", Scope::Host}, {"off", Scope::Off}});
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

/// An option that `read` understands, or refuses by a CLI::ValidationError.
CLI::Option* addRead(CLI::App& command, const std::string& name, const std::string& typeName,
                     const std::function<void(const std::string&)>& read, const std::string& description) {
  return command.add_option_function<std::string>(name, read, description)->type_name(typeName)->group(kGroup);
}

// What a script's unset variable gives; the parser would take it for 0, or for none given.
std::string refuseEmpty(const std::string& text) { return text.empty() ? "needs a number" : ""; }

template <class Target>
void addNumber(CLI::App& command, const std::string& name, const std::string& typeName, Target& target,
               const std::string& description) {
  command.add_option(name, target, description)->check(refuseEmpty)->type_name(typeName)->group(kGroup);
}

void refuseKey(const std::string&) {
  throw CLI::ValidationError("--api-key",
                             "others can see a key on the command line: use --api-key-file or CHATAPPS_API_KEY");
}

void addConnectionOptions(CLI::App& command, CommonOptions& common) {
  addText(command, "--api-key-file", "FILE", common.apiKeyFile, "The API key (else CHATAPPS_API_KEY)")->group(kGroup);
  addRead(command, "--api-key", "", refuseKey, "")->group("");  // hidden: known only to be refused, and not repeated
  addRead(
      command, "--region", "REGION", [&common](const std::string& word) { chooseRegion(common, word); },
      "asia-pacific (default), north-america, europe, indonesia");
  addText(command, "--base-url", "URL", common.baseUrl, "Instead of a region: scheme, host and port")->group(kGroup);
  addText(command, "--ca-file", "FILE", common.caFile, "PEM bundle that verifies the server")->group(kGroup);
  addRead(
      command, "--proxy", "URL", [&common](const std::string& url) { common.proxy = url; },
      "Proxy; '' for none (else as the environment says)");
  addRead(
      command, "--header", "HEADER",
      [&common](const std::string& line) { common.headers.push_back(parseHeader(line)); },
      "'Name: value', sent along; may be repeated")
      ->trigger_on_parse();
}

void addCallOptions(CLI::App& command, CommonOptions& common) {
  addDuration(command, "--timeout", common.timeout, "Of one call, waiting and retries included (30s)")->group(kGroup);
  addNumber(command, "--max-attempts", "N", common.maxAttempts, "Requests that one call may send (4)");
  addRead(
      command, "--pacing", "SCOPE", [&common](const std::string& word) { choosePacing(common, word); },
      "Who shares the rate limit: host (default), process, off");
  addText(command, "--pacing-file", "FILE", common.pacingFile, "The file through which the host shares it")
      ->group(kGroup);
  addNumber(command, "--rate", "N", common.requestsPerSecond, "Requests a second and subaccount (1)");
  command.add_flag("--verbose", common.verbose, "Tell on standard error what happens")->group(kGroup);
}

/// Where the options say which server, only the key is the environment's.
ClientOptions fromEnvironment(bool withServer) {
  if (withServer) return ClientOptions::fromEnvironment();
  ClientOptions options;
  if (const char* key = std::getenv("CHATAPPS_API_KEY")) options.apiKey = key;
  return options;
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

CLI::Option* addText(CLI::App& command, const std::string& name, const std::string& typeName, std::string& text,
                     const std::string& description) {
  const auto read = [&text, name](const std::string& given) {
    if (given.empty()) throw CLI::ValidationError(name, "must not be empty");
    text = given;
  };
  return command.add_option_function<std::string>(name, read, description)->type_name(typeName);
}

void addWord(CLI::App& command, const std::string& name, std::string& word, const std::vector<std::string>& choices,
             const std::string& description) {
  const auto allowed = CLI::detail::join(choices, "|");
  command
      .add_option_function<std::string>(
          name,
          [&word, name, choices, allowed](const std::string& given) {
            if (std::find(choices.begin(), choices.end(), given) == choices.end()) {
              throw CLI::ValidationError(name, "must be one of " + allowed);
            }
            word = given;
          },
          description)
      ->type_name(allowed);
}

void addCommonOptions(CLI::App& command, CommonOptions& common) {
  addConnectionOptions(command, common);
  addCallOptions(command, common);
  command.set_version_flag("--version", "chatapps " CHATAPPS_VERSION, "Show the version")->group(kGroup);
}

ClientOptions CommonOptions::toClientOptions(StandardError& errors) const {
  auto options = toClientOptionsWithoutKey(errors);
  if (!apiKeyFile.empty()) options.apiKey = readKeyFile(apiKeyFile);
  if (options.apiKey.empty())
    throw InvalidArgumentError("API key", "is missing: set CHATAPPS_API_KEY or give --api-key-file");
  return options;
}

ClientOptions CommonOptions::toClientOptionsWithoutKey(StandardError& errors) const {
  auto options = fromEnvironment(!region && baseUrl.empty());
  if (region) options.region = *region;
  if (!baseUrl.empty()) options.baseUrl = baseUrl;
  if (timeout) options.timeout = *timeout;
  if (maxAttempts) options.retry.maxAttempts = *maxAttempts;
  options.headers.insert(options.headers.end(), headers.begin(), headers.end());
  if (!caFile.empty()) options.tls.caFile = caFile;
  if (proxy) options.proxy = *proxy;
  options.pacing = toPacing(*this);
  options.userAgentSuffix = "chatapps-cli";
  if (verbose) {
    options.observer = std::make_shared<EventLog>(errors);
  } else if (warns) {
    options.observer = std::make_shared<Warnings>([&errors](const std::string& line) { errors.write(line + "\n"); });
  }
  return options;
}

}  // namespace chatapps::cli
