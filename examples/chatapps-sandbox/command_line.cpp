#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <chatapps/errors.hpp>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
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
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw CLI::ValidationError("--scenario", "can not read " + path);
  return text;
}

int complain(const std::string& problem) {
  std::cerr << "chatapps-sandbox: " << problem << "\nTry chatapps-sandbox --help\n";
  return kUsage;
}

}  // namespace

Parsed parseCommandLine(int argc, char** argv) {
  CommandLine commandLine;
  std::string scenarioFile;
  std::vector<std::string> apiKeys;
  double rate = 0;
  Window window{};
  std::uint64_t seed = 0;
  double latency = 0;
  double speed = 0;
  const std::map<std::string, Window> windows{
      {"gcra", Window::Gcra}, {"fixed", Window::Fixed}, {"sliding", Window::Sliding}, {"bucket", Window::Bucket}};

  CLI::App program{"An imitation of the 8x8 Chat Apps API on 127.0.0.1.", "chatapps-sandbox"};
  program.footer(builtInMessages());
  program.add_option("--port", commandLine.port, "Port; 0, the default: any free one")->check(CLI::Range(0, 65535));
  auto* apiKeyOption = program.add_option("--api-key", apiKeys, "Accepted instead of sandbox-key; may be repeated");
  apiKeyOption->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->type_name("KEY");
  auto* rateOption =
      program.add_option("--rate", rate, "Requests a second for each subaccount; default 1; 0: no limit");
  auto* windowOption =
      program.add_option("--window", window, "How they are counted: gcra (default), fixed, sliding, bucket");
  windowOption->transform(CLI::CheckedTransformer(windows).description(""))->type_name("gcra|fixed|sliding|bucket");
  program.add_option("--scenario", scenarioFile, "Messages, keys, subaccounts, limits and faults")
      ->type_name("FILE.json");
  auto* seedOption = program.add_option("--seed", seed, "Of made-up ids; default 1");
  auto* latencyOption = program.add_option("--latency", latency, "How long each answer takes, in milliseconds");
  latencyOption->check(CLI::Range(0.0, kMostLatency))->type_name("MS");
  auto* speedOption = program.add_option("--speed", speed, "Messages change this many times as fast; default 1");
  program.add_flag("--verbose", commandLine.verbose, "One line for each request on stderr");

  try {
    program.parse(argc, argv);
    testing::SandboxScenario& scenario = commandLine.scenario;
    if (!scenarioFile.empty()) scenario = testing::readScenario(readFile(scenarioFile));
    SandboxOptions& options = scenario.options;
    if (*apiKeyOption) options.apiKeys = apiKeys;
    if (*rateOption) options.requestsPerSecond = rate;
    if (*windowOption) options.window = window;
    if (*seedOption) options.seed = seed;
    if (*latencyOption) options.latency = std::chrono::nanoseconds(std::llround(latency * 1e6));
    if (*speedOption) options.speed = speed;
    options.clock = Clock::system();
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
