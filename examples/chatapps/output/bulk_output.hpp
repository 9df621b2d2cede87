/// @file bulk_output.hpp
/// How the results of a bulk run are written.
#pragma once

#include <chatapps/bulk.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chatapps::cli {

/// Where finished text goes: results to standard output, and what is no result to standard error.
struct BulkStreams {
  std::function<void(std::string_view)> results, problems;
};

/// One item at a time. Not thread-safe.
class BulkOutput {
 public:
  BulkOutput() = default;
  BulkOutput(const BulkOutput&) = delete;
  BulkOutput& operator=(const BulkOutput&) = delete;
  virtual ~BulkOutput() = default;

  virtual void begin() {}
  virtual void found(const MessageRef& ref, const MessageDetails& details) = 0;
  /// `ref` is null for a line that says no message. `line` is given where the line itself is what is wrong.
  virtual void failed(const MessageRef* ref, std::optional<std::size_t> line, const std::exception& error) = 0;
};

/// `format` is `ndjson` or `csv`.
std::unique_ptr<BulkOutput> makeBulkOutput(const std::string& format, BulkStreams streams);

}  // namespace chatapps::cli
