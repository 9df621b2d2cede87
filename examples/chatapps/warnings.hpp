/// @file warnings.hpp
/// What is told of a call under way without `--verbose`: that it goes on, but not as one would wish.
#pragma once

#include <chatapps/observer.hpp>
#include <functional>
#include <mutex>
#include <string>

namespace chatapps::cli {

/// Tells when the limit is no longer shared with other processes; that the server does not answer, once several attempts
/// in a row have failed, and that it does again; and when what comes, several times in a row, is no answer of the API's.
class Warnings : public Observer {
 public:
  /// `tell` gets one line each time, without its line break, from any thread.
  explicit Warnings(std::function<void(const std::string& line)> tell) : tell_(std::move(tell)) {}

  void onAttemptFinished(const AttemptFinished& event) override;
  void onCallFinished(const CallFinished& event) override;
  void onPacingAlone(const PacingAlone& event) override;

 private:
  const std::function<void(const std::string&)> tell_;
  std::mutex mutex_;
  int failedInARow_ = 0;
  int unreadableInARow_ = 0;
};

}  // namespace chatapps::cli
