#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <chatapps/errors.hpp>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace chatapps::sandbox {
namespace {

using testing::Sandbox;
using testing::SandboxOptions;
using testing::Window;

constexpr int kUsage = 2;
constexpr double kMostLatency = 3'600'000;  // milliseconds

std::string builtInMessages() {
  std::ostringstream text;
  text << "API key: " << Sandbox::kApiKey << "\nSubaccount: " << Sandbox::kSubAccountId << "\n\nBuilt-in messages:\n";
  for (const auto& [umid, story] : Sandbox::builtIns()) text << "  " << umid << "  " << story << "\n";
  text << "\nGET /sandbox/requests tells which requests came and when.";
  return text.str();
}

std::string readFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw CLI::ValidationError("--scenario", "can not read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Written so that NaN is not within anything.
double within(const char* option, double number, double least, double most, const std::string& allowed) {
  if (number >= least && number <= most) return number;
  throw CLI::ValidationError(option, "must be from " + allowed);
}

std::uint64_t seedOf(const std::string& text) {
  std::uint64_t seed = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size())
    throw CLI::ValidationError("--seed", "must be from 0 to 18446744073709551615");
  return seed;
}

Window windowNamed(const std::string& name) {
  if (name == "gcra") return Window::Gcra;
  if (name == "fixed") return Window::Fixed;
  if (name == "sliding") return Window::Sliding;
  if (name == "bucket") return Window::Bucket;
  throw CLI::ValidationError("--window", "must be gcra, fixed, sliding or bucket");
}

std::chrono::nanoseconds milliseconds(double number) { return std::chrono::nanoseconds(std::llround(number * 1e6)); }

// What a script's unset variable gives; the parser would take it for 0.
std::string refuseEmpty(const std::string& text) { return text.empty() ? "needs a number" : ""; }

int complain(const std::string& problem) {
  std::cerr << "chatapps-sandbox: " << problem << "\nTry chatapps-sandbox --help\n";
  return kUsage;
}

}  // namespace

Parsed parseCommandLine(int argc, char** argv) {
  CommandLine commandLine;
  std::string scenarioFile, window, seed;
  std::vector<std::string> apiKeys;
  double rate = 0, latency = 0, speed = 0;

  CLI::App program{"An imitation of the 8x8 Chat Apps API on 127.0.0.1.", "chatapps-sandbox"};
  program.footer(builtInMessages());
  program.add_option("--port", commandLine.port, "0, the default, takes any free one")
      ->check(refuseEmpty)
      ->check(CLI::Range(0, 65535).description(""))
      ->type_name("N");
  const auto addKey = [&apiKeys](const std::string& key) { apiKeys.push_back(key); };
  auto* apiKeyOption =
      program.add_option_function<std::string>("--api-key", addKey, "Accepted instead of sandbox-key; may be repeated")
          ->trigger_on_parse()
          ->type_name("KEY");
  auto* rateOption =
      program.add_option("--rate", rate, "Requests a second for each subaccount; default 1; 0: no limit")
          ->check(refuseEmpty)
          ->type_name("R");
  auto* windowOption = program.add_option("--window", window, "How they are counted; default gcra")
                           ->type_name("gcra|fixed|sliding|bucket");
  program.add_option("--scenario", scenarioFile, "Messages, keys, subaccounts, limits and faults")
      ->check(CLI::ExistingFile.description(""))
      ->type_name("FILE.json");
  auto* seedOption =
      program.add_option("--seed", seed, "Of made-up ids; default 1")->check(refuseEmpty)->type_name("N");
  auto* latencyOption = program.add_option("--latency", latency, "How long each answer takes, in milliseconds")
                            ->check(refuseEmpty)
                            ->type_name("MS");
  auto* speedOption = program.add_option("--speed", speed, "Messages change this many times as fast; default 1")
                          ->check(refuseEmpty)
                          ->type_name("X");
  std::string receiptsTo;
  ReceiptsTarget receiptsTarget;
  testing::SandboxReceipts receipts;
  auto* receiptsOption =
      program.add_option("--receipts-to", receiptsTo, "Post delivery receipts there: http on loopback")
          ->type_name("URL");
  const auto ofReceipts = [&](const std::string& name, auto& value, const std::string& description, const char* type) {
    return program.add_option(name, value, description)->needs(receiptsOption)->type_name(type);
  };
  ofReceipts("--receipts-authorization", receiptsTarget.authorization, "Their Authorization header", "VALUE");
  ofReceipts("--receipts-lost", receipts.lost, "Share of them that is lost, 0 to 1; default 0", "P")
      ->check(refuseEmpty);
  ofReceipts("--receipts-repeated", receipts.repeated, "Share that comes twice", "P")->check(refuseEmpty);
  ofReceipts("--receipts-shuffled", receipts.shuffled, "Share that others overtake", "P")->check(refuseEmpty);
  program.add_flag("--verbose", commandLine.verbose, "One line for each request on stderr");

  try {
    program.parse(argc, argv);
    testing::SandboxScenario& scenario = commandLine.scenario;
    if (!scenarioFile.empty()) scenario = testing::readScenario(readFile(scenarioFile));
    SandboxOptions& options = scenario.options;
    if (*apiKeyOption) options.apiKeys = apiKeys;
    if (*rateOption && rate != 0) within("--rate", rate, 0.001, 1e6, "0.001 to 1,000,000, or 0 for no limit");
    if (*rateOption) options.requestsPerSecond = rate;
    if (*windowOption) options.window = windowNamed(window);
    if (*seedOption) options.seed = seedOf(seed);
    if (*latencyOption) options.latency = milliseconds(within("--latency", latency, 0, kMostLatency, "0 to 3,600,000"));
    if (*speedOption) options.speed = within("--speed", speed, 0.01, 1e6, "0.01 to 1,000,000");
    options.clock = Clock::system();
    if (*receiptsOption) {
      const auto url = readReceiptsUrl(receiptsTo);
      if (!url) {
        throw CLI::ValidationError("--receipts-to",
                                   "must be an http URL of this machine, such as http://127.0.0.1:8080/receipts");
      }
      within("--receipts-lost", receipts.lost, 0, 1, "0 to 1");
      within("--receipts-repeated", receipts.repeated, 0, 1, "0 to 1");
      within("--receipts-shuffled", receipts.shuffled, 0, 1, "0 to 1");
      receiptsTarget.url = *url;
      commandLine.receipts = receiptsTarget;
      options.receipts = receipts;
    }
    return {commandLine, 0};
  } catch (const CLI::CallForHelp&) {
    std::cout << program.help() << std::flush;
    return {std::nullopt, 0};
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, complain(error.what())};
  } catch (const InvalidArgumentError& error) {
    return {std::nullopt, complain(error.what())};
  }
}

}  // namespace chatapps::sandbox
