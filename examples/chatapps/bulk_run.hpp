/// @file bulk_run.hpp
/// One run of `chatapps bulk`: lines in, results out.
#pragma once

#include <chatapps/client.hpp>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "line_reader.hpp"
#include "output/bulk_output.hpp"
#include "progress.hpp"
#include "surroundings.hpp"

namespace chatapps::cli {

struct BulkSettings {
  std::string file;          ///< `-`: standard input
  std::string subAccountId;  ///< of lines that hold a umid alone; empty: such lines are wrong
  std::string format;
  bool bar = false;
};

/// Everything happens on the thread of `run`.
class BulkRun {
 public:
  /// Throws InvalidArgumentError when the file can not be opened.
  BulkRun(const BulkSettings& settings, Surroundings& around);

  /// Gives the exit code. Throws CancelledError when interrupted, UnauthorizedError when the key was refused: each
  /// after all that is finished was written.
  int run(const ChatAppsClient& client);

 private:
  std::optional<MessageRef> nextRef();
  void finish(const BulkResult& result);
  void fail(const MessageRef* ref, std::optional<std::size_t> line, const std::exception_ptr& error);
  std::optional<std::size_t> forgetLine(const MessageRef& ref);
  void writeResults(std::string_view text);
  void draw(bool evenIfNotDue);

  const BulkSettings& settings_;
  Surroundings& around_;
  InputFile input_;
  LineReader lines_;
  std::unique_ptr<BulkOutput> output_;
  Progress progress_;
  bool barSharesTerminal_;                                     // results and bar go to the same terminal
  bool ended_ = false;                                         // the input
  std::unordered_multimap<std::string, std::size_t> pending_;  // items under way, and the line that asked for each
  std::exception_ptr refusal_;                                 // of the key
};

}  // namespace chatapps::cli
