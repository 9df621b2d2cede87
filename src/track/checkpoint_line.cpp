#include "track/checkpoint_line.hpp"

#include <charconv>
#include <chrono>
#include <limits>
#include <utility>

#include "chatapps/printable.hpp"

namespace chatapps::track {
namespace {

constexpr std::string_view kKind = "chatapps-tracker";
constexpr std::string_view kVersion = "1";
constexpr std::size_t kSumDigits = 8;
constexpr std::size_t kMostSteps = 1'000'000;

std::string sumOf(std::string_view text) {
  std::uint32_t hash = 2'166'136'261u;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619u;
  std::string digits;
  for (std::size_t i = 0; i < kSumDigits; ++i, hash >>= 4) digits += "0123456789abcdef"[hash & 15];
  return digits;
}

/// Writes the fields of a line, each after a tab. No field holds a tab or a line break.
class Writer {
 public:
  explicit Writer(char kind) : line_(1, kind) {}

  Writer& text(std::string_view value) {
    line_ += '\t';
    for (const char c : value) {
      const char* const escape = c == '\t' ? "\\t" : c == '\n' ? "\\n" : c == '\\' ? "\\\\" : nullptr;
      escape ? line_ += escape : line_ += c;
    }
    return *this;
  }
  Writer& number(std::int64_t value) {
    (line_ += '\t') += std::to_string(value);
    return *this;
  }

  std::string line() const { return sumOf(line_) + '\t' + line_ + '\n'; }

 private:
  std::string line_;
};

/// Reads them again. What is not there, or no number, makes it bad once and for all.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  std::string_view raw() {
    const std::size_t tab = rest_.find('\t');
    good_ = good_ && !ended_;
    const std::string_view field = rest_.substr(0, tab);
    ended_ = tab == std::string_view::npos;
    rest_ = ended_ ? std::string_view() : rest_.substr(tab + 1);
    return field;
  }
  std::string text() {
    const std::string_view field = raw();
    std::string value;
    for (std::size_t i = 0; i < field.size(); ++i) {
      char c = field[i];
      if (c == '\\' && ++i < field.size()) c = field[i] == 't' ? '\t' : field[i] == 'n' ? '\n' : field[i];
      value += c;
    }
    return value;
  }
  std::int64_t number(std::int64_t least = 0, std::int64_t most = (std::numeric_limits<std::int64_t>::max)()) {
    const std::string_view field = raw();
    std::int64_t value = least;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    good_ = good_ && error == std::errc() && end == field.data() + field.size() && value >= least && value <= most;
    return good_ ? value : least;
  }
  bool good() const noexcept { return good_; }
  bool ended() const noexcept { return good_ && ended_; }

 private:
  std::string_view rest_;
  bool ended_ = false, good_ = true;
};

std::int64_t nanoseconds(SystemTime time) { return time.time_since_epoch().count(); }
/// To the year 2116, so that the time between any two can be told.
SystemTime readTime(Reader& in) {
  constexpr std::int64_t kFurthest = std::int64_t{1} << 62;
  return SystemTime(std::chrono::nanoseconds(in.number(-kFurthest, kFurthest)));
}

// An absent number is an empty field.
void writeOptional(Writer& out, std::optional<std::int64_t> value) {
  out.text(value ? std::to_string(*value) : std::string());
}
std::optional<std::int64_t> readOptional(Reader& in) {
  Reader before = in;
  if (in.raw().empty() && in.good()) return std::nullopt;
  in = before;
  return in.number((std::numeric_limits<std::int64_t>::min)());
}

void writePlan(Writer& out, const FallbackPlan& plan) {
  out.number(static_cast<std::int64_t>(plan.steps.size())).number(plan.patience.count());
  for (const FallbackStep& step : plan.steps) {
    out.text(step.channel.text()).number(static_cast<int>(step.successStatus));
    writeOptional(out, step.fallbackAfter ? std::optional<std::int64_t>(step.fallbackAfter->count()) : std::nullopt);
  }
}

FallbackPlan readPlan(Reader& in) {
  const std::int64_t count = in.number(0, kMostSteps);
  FallbackPlan plan;
  plan.patience = std::chrono::seconds(in.number((std::numeric_limits<std::int64_t>::min)()));
  for (std::int64_t i = 0; i < count && in.good(); ++i) {
    FallbackStep& step = plan.steps.emplace_back();
    step.channel = Channel(in.text());
    step.successStatus = static_cast<SuccessStatus>(in.number(0, static_cast<int>(SuccessStatus::Read)));
    if (const auto after = readOptional(in)) step.fallbackAfter = std::chrono::milliseconds(*after);
  }
  return plan;
}

void writeRecord(Writer& out, const MessageDetail& record) {
  const Status& status = record.status;
  out.number(record.step).text(record.channel.text()).text(record.direction.text()).text(record.createdAt.text());
  out.text(status.state.text()).text(status.detail ? status.detail->text() : std::string());
  out.text(status.timestamp ? status.timestamp->text() : std::string()).text(status.errorMessage.value_or(""));
  writeOptional(out, status.errorCode);
}
MessageDetail readRecord(Reader& in) {
  MessageDetail record;
  record.step = static_cast<int>(in.number((std::numeric_limits<int>::min)(), (std::numeric_limits<int>::max)()));
  record.channel = Channel(in.text());
  record.direction = Direction(in.text());
  record.createdAt = Timestamp(in.text());
  Status& status = record.status;
  status.state = State(in.text());
  if (std::string detail = in.text(); !detail.empty()) status.detail = StatusDetail(std::move(detail));
  if (std::string time = in.text(); !time.empty()) status.timestamp = Timestamp(std::move(time));
  if (std::string message = in.text(); !message.empty()) status.errorMessage = std::move(message);
  status.errorCode = readOptional(in);
  return record;
}

}  // namespace

std::string checkpointHeader(Goal goal) {
  return std::string(kKind) + '\t' + std::string(kVersion) + '\t' + std::to_string(static_cast<int>(goal)) + '\n';
}

std::string flawOfHeader(std::string_view line, Goal goal) {
  Reader in(line);
  if (in.raw() != kKind) return "is no checkpoint of a tracker: give another name, or move it away";
  const std::string version = in.text();
  if (version != kVersion) {
    return "is a checkpoint of version " + printable(version, 20) + ", and this library reads version " +
           std::string(kVersion) + ": use the one that wrote it, or move it away";
  }
  if (in.number(-1) != static_cast<int>(goal))
    return "was written while waiting for another goal: ask for that one, or move it away";
  return {};
}

std::string messageLine(const Followed& message) {
  Writer out('m');
  out.number(static_cast<std::int64_t>(message.number)).text(message.umid).text(message.subAccountId);
  out.number(static_cast<int>(message.priority))
      .number(nanoseconds(message.since))
      .number(nanoseconds(message.judgedAt));
  out.number(message.settled).number(static_cast<int>(message.ending)).text(message.problem);
  writePlan(out, message.plan);
  out.number(static_cast<std::int64_t>(message.known.size()));
  for (const MessageDetail& record : message.known) writeRecord(out, record);
  return out.line();
}

std::string toldLine(std::uint64_t number) { return Writer('t').number(static_cast<std::int64_t>(number)).line(); }

CheckpointLine readCheckpointLine(std::string_view line) {
  CheckpointLine read;
  if (line.size() <= kSumDigits || line.substr(0, kSumDigits) != sumOf(line.substr(kSumDigits + 1))) return read;
  Reader in(line.substr(kSumDigits + 1));
  const std::string_view kind = in.raw();
  read.number = static_cast<std::uint64_t>(in.number());
  if (kind == "m") {
    read.message = std::make_unique<Followed>();
    Followed& message = *read.message;
    message.number = read.number;
    message.umid = in.text();
    message.subAccountId = in.text();
    message.priority = static_cast<LookPriority>(in.number(0, static_cast<int>(LookPriority::Low)));
    message.since = readTime(in);
    message.judgedAt = readTime(in);
    message.settled = in.number(0, 1) == 1;
    message.ending = static_cast<Ending>(in.number(0, static_cast<int>(Ending::Refused)));
    message.problem = in.text();
    message.plan = readPlan(in);
    const std::int64_t count = in.number(0, kMostSteps);
    for (std::int64_t i = 0; i < count && in.good(); ++i) message.known.push_back(readRecord(in));
  }
  read.isGood = in.ended() && (kind == "m" || kind == "t");
  return read;
}

}  // namespace chatapps::track
