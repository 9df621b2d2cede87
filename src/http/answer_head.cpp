#include "http/answer_head.hpp"

#include <algorithm>
#include <charconv>

#include "chatapps/open_enum.hpp"
#include "http/body_limit.hpp"

namespace chatapps::http {
namespace {

using Retry = TransportFailure::Retry;

constexpr std::size_t kMostBytes = 65'536;
constexpr int kMostFields = 200;
constexpr int kMostInterim = 32;

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return text;
}

constexpr std::size_t kRead = 3;

bool isRead(std::string_view name) {
  return equalIgnoringCase(name, "Retry-After") || equalIgnoringCase(name, "Date") ||
         equalIgnoringCase(name, "Content-Type");
}

}  // namespace

void AnswerHead::reset() noexcept {
  part_ = Part::Status;
  status_ = 0;
  interim_ = 0;
  fields_ = 0;
  bytes_ = 0;
  chunked_ = false;
  encoded_ = false;
  last_ = Field::NotRead;
  contentLength_.reset();
  headers_.clear();
}

TransportFailure AnswerHead::broken(const char* reason, Retry retry) const {
  TransportFailure failure;
  failure.delivery = Delivery::MaybeSent;
  failure.reason = reason;
  failure.retry = retry;
  failure.httpStatus = status_;
  return failure;
}

std::optional<TransportFailure> AnswerHead::add(std::string_view line, std::size_t maxBodyBytes) {
  bytes_ += line.size();
  if (bytes_ > kMostBytes || ++fields_ > kMostFields)
    return broken("the answer's headers are larger than 64 KiB or 200 lines", Retry::Never);
  if (line.find('\0') != std::string_view::npos) return broken("the answer has a NUL in a header", Retry::Never);
  if (part_ == Part::Over) return std::nullopt;  // a trailer: it comes too late to change what the answer is
  if (part_ == Part::Status && line.substr(0, 5) == "HTTP/") return addStatus(line);
  // As libcurl has it: blanks alone go on with the line before them, and a line end ends it, whatever follows.
  if (line.empty() || line.front() == '\r' || line.front() == '\n') return end(maxBodyBytes);
  return addField(line);
}

// Whatever an interim answer said is not part of the final one.
std::optional<TransportFailure> AnswerHead::addStatus(std::string_view line) {
  const int interim = interim_ + (status_ >= 100 && status_ <= 199 ? 1 : 0);
  reset();
  part_ = Part::Fields;
  interim_ = interim;
  bytes_ = line.size();
  const std::size_t space = std::min(line.find(' '), line.size());
  const std::string_view code = trimmed(line.substr(space)).substr(0, 3);
  std::from_chars(code.data(), code.data() + code.size(), status_);
  if (interim_ > kMostInterim) return broken("the server sent more than 32 interim answers", Retry::Never);
  if (status_ == 101) return broken("the server changes to a protocol that was not asked for", Retry::Never);
  return std::nullopt;
}

std::optional<TransportFailure> AnswerHead::addField(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t') {
    // A folded line goes on with the header before it. Leaving it out would make a number of what is none.
    if (last_ == Field::Length) return broken("the answer's Content-Length is not a number that can be", Retry::Once);
    if (last_ == Field::Kept) headers_.back().second.append(1, ' ').append(trimmed(line));
    return std::nullopt;
  }
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = colon == line.size() ? std::string_view() : trimmed(line.substr(colon + 1));
  last_ = isRead(name) ? Field::Kept : Field::NotRead;
  if (last_ == Field::Kept) {
    headers_.reserve(kRead);
    headers_.emplace_back(name, value);
  }
  if (equalIgnoringCase(name, "Transfer-Encoding")) chunked_ = true;
  if (equalIgnoringCase(name, "Content-Encoding"))
    encoded_ = encoded_ || !(value.empty() || equalIgnoringCase(value, "identity"));
  if (equalIgnoringCase(name, "Content-Length")) return addLength(value);
  return std::nullopt;
}

std::optional<TransportFailure> AnswerHead::addLength(std::string_view value) {
  if (status_ < 200) return std::nullopt;  // an interim answer has no body
  std::uint64_t length = 0;
  const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  const bool whole = error == std::errc() && stop == value.data() + value.size() && length <= INT64_MAX;
  if (!whole) return broken("the answer's Content-Length is not a number that can be", Retry::Once);
  if (contentLength_ && *contentLength_ != length)
    return broken("the answer has two different Content-Lengths", Retry::Once);
  contentLength_ = length;
  last_ = Field::Length;
  return std::nullopt;
}

// Only of a success the body matters enough to fail for it: another status says what it means by itself.
std::optional<TransportFailure> AnswerHead::end(std::size_t maxBodyBytes) {
  part_ = status_ < 200 ? Part::Status : Part::Over;
  if (status_ < 200) return std::nullopt;
  if (chunked_ && contentLength_)
    return broken("the answer has both Content-Length and Transfer-Encoding", Retry::Once);
  if (!isSuccess()) return std::nullopt;
  if (encoded_) {
    TransportFailure failure = broken("the answer has a content encoding that was not asked for", Retry::Never);
    failure.kind = TransportFailure::Kind::BadEncoding;
    failure.delivery = Delivery::Answered;
    return failure;
  }
  if (contentLength_.value_or(0) > maxBodyBytes) return tooLarge(maxBodyBytes, status_);
  return std::nullopt;
}

}  // namespace chatapps::http
