/// @file process.hpp
/// Programs that tests start: run one to its end, or keep one going beside the test.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace chatapps::support {

/// What to start. The child gets this process's environment without CHATAPPS_* and proxies, default signal handlers and
/// an empty signal mask.
struct Command {
  std::vector<std::string> argv;                   ///< the program first, looked up in PATH where it holds no slash
  std::map<std::string, std::string> environment;  ///< set on top
};

/// What came of it.
struct Finished {
  int exitCode = 0;  ///< 128 + N is the program's own; one that died by signal N has -N
  std::string out;
  std::string err;
};

/// A program under way. Its output is collected all the time, so it never blocks on a full pipe. Killed when this goes.
class Process {
 public:
  /// Throws std::runtime_error when the program can not be started.
  explicit Process(const Command& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const noexcept { return pid_; }

  /// Writes to its standard input. A program that has closed it is no error.
  void write(std::string_view text);
  void closeInput();
  /// From now on nobody reads its standard output, as when `head` ends.
  void closeOutput();

  /// The next whole line of its standard output, without the line break. Throws std::runtime_error when none comes in
  /// time.
  std::string readLine(std::chrono::milliseconds timeout = std::chrono::seconds(20));
  /// Waits until its standard error holds `text`; false when it does not come in time.
  bool waitForError(std::string_view text, std::chrono::milliseconds timeout = std::chrono::seconds(20));

  void signal(int number) const;

  /// Waits for its end; its input stays open. Throws std::runtime_error when it does not end in time.
  Finished waitForEnd(std::chrono::milliseconds timeout = std::chrono::seconds(60));
  /// Closes its input and waits for its end.
  Finished wait(std::chrono::milliseconds timeout = std::chrono::seconds(60));

 private:
  void collect();
  void reap(int options);

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int error_ = -1;
  int stop_[2] = {-1, -1};  // written to by closeOutput and the destructor, to wake the collector

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string out_, err_;
  std::size_t lineStart_ = 0;
  bool outputUnwanted_ = false;
  bool stopping_ = false;
  bool collected_ = false;
  int waitStatus_ = -1;
  std::atomic<bool> reaped_{false};
  std::thread collector_;
};

/// Runs a program to its end. `input` is its whole standard input.
Finished run(const Command& command, std::string_view input = {},
             std::chrono::milliseconds timeout = std::chrono::seconds(60));

}  // namespace chatapps::support
