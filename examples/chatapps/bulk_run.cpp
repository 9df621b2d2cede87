#include "bulk_run.hpp"

#include <chatapps/errors.hpp>
#include <memory>
#include <utility>

#include "bulk_line.hpp"
#include "exit_code.hpp"
#include "standard_output.hpp"
#include "terminal.hpp"

namespace chatapps::cli {
namespace {

std::string keyOf(const MessageRef& ref) { return ref.subAccountId + "," + ref.umid; }

/// How many lines ask for a message; nullopt where that can not be known beforehand.
std::optional<std::size_t> countItems(const BulkSettings& settings, const InputFile& given, Interrupt& interrupt) {
  if (!settings.bar || settings.file == "-" || !given.isRegular()) return std::nullopt;
  const InputFile input(settings.file);
  LineReader lines(input.descriptor(), interrupt.descriptor());
  std::size_t items = 0;
  while (lines.next(true) == LineReader::Got::Line) {
    if (!isSkippedBulkLine(lines.line(), lines.tooLong())) ++items;
  }
  return items;
}

/// What `first` says of the key, for a message that is not asked for any more.
std::exception_ptr unsent(const MessageRef& ref, const std::exception_ptr& first) {
  try {
    std::rethrow_exception(first);
  } catch (const UnauthorizedError& error) {
    CallFacts facts;
    facts.subAccountId = ref.subAccountId;
    facts.umid = ref.umid;
    facts.baseUrl = std::make_shared<const std::string>(error.baseUrl());
    const ApiAnswer answer{error.httpStatus(), error.code(),       error.message(), error.errorId(),
                           error.timestamp(),  error.retryAfter(), error.body(),    error.contentType()};
    return std::make_exception_ptr(UnauthorizedError(answer, facts));
  }
}

}  // namespace

BulkRun::BulkRun(const BulkSettings& settings, Surroundings& around)
    : settings_(settings),
      around_(around),
      input_(settings.file),
      lines_(input_.descriptor(), around.interrupt.descriptor()),
      output_(makeBulkOutput(settings.format, {[this](std::string_view text) { writeResults(text); },
                                               [this](std::string_view text) { around_.errors.write(text); }})),
      progress_(countItems(settings, input_, around.interrupt), std::chrono::steady_clock::now()),
      barSharesTerminal_(settings.bar && isTerminal(1)) {}

int BulkRun::run(const ChatAppsClient& client) {
  BulkOptions options;
  options.cancellation = around_.interrupt.token();
  output_->begin();
  draw(true);
  // A pipe that is silent for a while ends a run, so that results do not wait for the next line; then comes the next
  // run.
  while (!ended_ && around_.interrupt.signal() == 0) {
    pending_.clear();
    client.getMany([this] { return nextRef(); }, [this](const BulkResult& result) { finish(result); }, options);
  }
  const auto summary = progress_.summary(std::chrono::steady_clock::now());
  around_.errors.eraseBar();
  if (around_.interrupt.signal() != 0) throw CancelledError("interrupted: " + summary, {});
  if (settings_.bar) around_.errors.write(summary + "\n");
  if (refusal_) std::rethrow_exception(refusal_);
  return progress_.failed() == 0 ? kDone : kSomeFailed;
}

std::optional<MessageRef> BulkRun::nextRef() {
  while (true) {
    const auto got = lines_.next(pending_.empty());
    if (got == LineReader::Got::End) ended_ = true;
    if (got != LineReader::Got::Line) return std::nullopt;
    if (isSkippedBulkLine(lines_.line(), lines_.tooLong())) continue;
    try {
      if (lines_.tooLong()) throw InvalidArgumentError("line", "is too long");
      auto ref = parseBulkLine(lines_.line(), settings_.subAccountId);
      if (!refusal_) {
        pending_.emplace(keyOf(ref), lines_.number());
        return ref;
      }
      fail(&ref, std::nullopt, unsent(ref, refusal_));
    } catch (const InvalidArgumentError&) {
      fail(nullptr, lines_.number(), std::current_exception());
    }
  }
}

void BulkRun::finish(const BulkResult& result) {
  const auto line = forgetLine(result.ref);
  if (!result.outcome.ok()) return fail(&result.ref, line, result.outcome.error());
  output_->found(result.ref, result.outcome.value());
  progress_.count(false);
  draw(false);
}

/// `line` is shown only where it is the line that is wrong.
void BulkRun::fail(const MessageRef* ref, std::optional<std::size_t> line, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const CancelledError&) {
    return;  // not finished: the run ends here
  } catch (const InvalidArgumentError& problem) {
    output_->failed(ref, line, problem);
  } catch (const UnauthorizedError& problem) {
    if (!refusal_) refusal_ = error;
    output_->failed(ref, std::nullopt, problem);
  } catch (const std::exception& problem) {
    output_->failed(ref, std::nullopt, problem);
  }
  progress_.count(true);
  draw(false);
}

std::optional<std::size_t> BulkRun::forgetLine(const MessageRef& ref) {
  const auto found = pending_.find(keyOf(ref));
  if (found == pending_.end()) return std::nullopt;
  const auto line = found->second;
  pending_.erase(found);
  return line;
}

void BulkRun::writeResults(std::string_view text) {
  if (barSharesTerminal_) around_.errors.eraseBar();
  writeOutput(text);
}

void BulkRun::draw(bool evenIfNotDue) {
  const auto now = std::chrono::steady_clock::now();
  if (!settings_.bar || !(evenIfNotDue || barSharesTerminal_ || progress_.isDue(now))) return;
  around_.errors.drawBar(progress_.bar(now, terminalColumns(2)));
}

}  // namespace chatapps::cli
