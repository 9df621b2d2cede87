#include "bulk_output.hpp"

#include <chatapps/printable.hpp>
#include <utility>

#include "../error_json.hpp"
#include "../error_kind.hpp"
#include "csv.hpp"
#include "record_json.hpp"

namespace chatapps::cli {
namespace {

/// One line an item: `{"subAccountId","umid","data":[...]}` or `{"subAccountId","umid","error":{...}}`.
class NdjsonOutput : public BulkOutput {
 public:
  explicit NdjsonOutput(BulkStreams streams) : streams_(std::move(streams)) {}

  void found(const MessageRef& ref, const MessageDetails& details) override {
    Json line = refJson(ref);
    line["data"] = recordsJson(details);
    write(line);
  }

  void failed(const MessageRef* ref, std::optional<std::size_t> number, const std::exception& error) override {
    Json line = Json::object();
    if (number) line["line"] = *number;
    if (ref != nullptr) line.update(refJson(*ref));
    line["error"] = errorJson(error);
    write(line);
  }

 private:
  static Json refJson(const MessageRef& ref) { return {{"subAccountId", ref.subAccountId}, {"umid", ref.umid}}; }
  void write(const Json& line) { streams_.results(jsonText(line) + "\n"); }

  BulkStreams streams_;
};

/// Records only; CSV has no place for an error, so those are told on standard error.
class CsvOutput : public BulkOutput {
 public:
  explicit CsvOutput(BulkStreams streams) : streams_(std::move(streams)) {}

  void begin() override { streams_.results(csvHeader()); }

  void found(const MessageRef&, const MessageDetails& details) override { streams_.results(csvLines(details)); }

  void failed(const MessageRef* ref, std::optional<std::size_t> number, const std::exception& error) override {
    std::string who;
    if (number) who += "line " + std::to_string(*number) + ": ";
    if (ref != nullptr) who += printable(ref->subAccountId, 60) + "," + printable(ref->umid, 60) + ": ";
    streams_.problems(who + errorKind(error).type + ": " + printable(error.what()) + "\n");
  }

 private:
  BulkStreams streams_;
};

}  // namespace

std::unique_ptr<BulkOutput> makeBulkOutput(const std::string& format, BulkStreams streams) {
  if (format == "csv") return std::make_unique<CsvOutput>(std::move(streams));
  return std::make_unique<NdjsonOutput>(std::move(streams));
}

}  // namespace chatapps::cli
