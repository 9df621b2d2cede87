/// @file common_options.hpp
/// The options that every command takes, and the client they set up.
#pragma once

#include <CLI/CLI.hpp>
#include <chatapps/options.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "standard_error.hpp"

namespace chatapps::cli {

/// What the command line said. Absent: what the environment says, else the library's default.
struct CommonOptions {
  std::string apiKeyFile;
  std::optional<Region> region;
  std::string baseUrl;
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<int> maxAttempts;
  Headers headers;
  std::string caFile;
  std::optional<std::string> proxy;
  std::optional<Pacing::Scope> pacing;  ///< absent: host
  std::string pacingFile;
  double requestsPerSecond = 1.0;
  bool verbose = false;
  bool warns = true;  ///< on standard error, of a call under way; not where that holds errors as JSON alone

  /// Throws InvalidArgumentError, as for a key file that can not be read. `errors` receives warnings and what `--verbose`
  /// tells, and outlives the client.
  ClientOptions toClientOptions(StandardError& errors) const;
  /// The same without the key, which may be missing.
  ClientOptions toClientOptionsWithoutKey(StandardError& errors) const;
};

/// Adds the options to a command; what it is given ends up in `common`.
void addCommonOptions(CLI::App& command, CommonOptions& common);

/// Adds a text that a script's empty variable must not turn into the default without a word.
CLI::Option* addText(CLI::App& command, const std::string& name, const std::string& typeName, std::string& text,
                     const std::string& description);

/// Adds an option whose value is one of a few words; `word` holds the default.
void addWord(CLI::App& command, const std::string& name, std::string& word, const std::vector<std::string>& choices,
             const std::string& description);

/// Adds a duration option; what is no duration ends the parsing with a message.
CLI::Option* addDuration(CLI::App& command, const std::string& name, std::optional<std::chrono::milliseconds>& value,
                         const std::string& description);

}  // namespace chatapps::cli
