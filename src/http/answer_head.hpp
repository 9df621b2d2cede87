// The head of an answer, line by line, with what libcurl 7.88 lets pass unsaid: conflicting lengths, floods, NUL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "chatapps/transport.hpp"

namespace chatapps::http {

/// Not thread-safe. Keeps the headers that the library reads, and starts over after each interim answer.
class AnswerHead {
 public:
  void reset() noexcept;

  /// Takes one line in, its line end included; a failure when the answer can not be trusted.
  std::optional<TransportFailure> add(std::string_view line, std::size_t maxBodyBytes);

  int status() const noexcept { return status_; }
  /// Whether all of it has come, of an answer that is not interim.
  bool isWhole() const noexcept { return part_ == Part::Over; }
  bool isSuccess() const noexcept { return status_ >= 200 && status_ <= 299; }
  std::optional<std::uint64_t> contentLength() const noexcept { return contentLength_; }
  Headers takeHeaders() noexcept { return std::move(headers_); }

 private:
  std::optional<TransportFailure> addStatus(std::string_view line);
  std::optional<TransportFailure> addField(std::string_view line);
  std::optional<TransportFailure> addLength(std::string_view value);
  std::optional<TransportFailure> end(std::size_t maxBodyBytes);
  TransportFailure broken(const char* reason, TransportFailure::Retry retry) const;

  enum class Part { Status, Fields, Over } part_ = Part::Status;
  int status_ = 0;
  int interim_ = 0;
  int fields_ = 0;
  std::size_t bytes_ = 0;
  bool chunked_ = false;
  bool encoded_ = false;
  enum class Field { NotRead, Kept, Length } last_ = Field::NotRead;  ///< what a folded line would go on with
  std::optional<std::uint64_t> contentLength_;
  Headers headers_;
};

}  // namespace chatapps::http
