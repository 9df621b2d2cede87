#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace chatapps::support {
namespace {

bool startsWith(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

/// What would make a test depend on whose machine it runs on.
bool isUnwanted(std::string_view variable) {
  const auto name = variable.substr(0, variable.find('='));
  for (const char* proxy : {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY",
                            "ALL_PROXY", "NO_PROXY", "NO_COLOR"}) {
    if (name == proxy) return true;
  }
  return startsWith(name, "CHATAPPS_");
}

std::vector<std::string> childEnvironment(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    if (isUnwanted(variable) || changes.count(std::string(variable.substr(0, variable.find('=')))) != 0) continue;
    all.emplace_back(variable);
  }
  for (const auto& [name, value] : changes) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const auto& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

void closeOnce(int& descriptor) {
  if (descriptor >= 0) close(std::exchange(descriptor, -1));
}

/// Two connected descriptors that no other child inherits.
struct Pipe {
  int ours = -1, theirs = -1;
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    closeOnce(ours);
    closeOnce(theirs);
  }
  void openForReading() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error(std::string("pipe2: ") + std::strerror(errno));
    ours = ends[0];
    theirs = ends[1];
  }
  // A socket, since writing to it can be told not to raise SIGPIPE in the test.
  void openForWriting() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
      throw std::runtime_error(std::string("socketpair: ") + std::strerror(errno));
    }
    ours = ends[0];
    theirs = ends[1];
    shutdown(ours, SHUT_RD);
  }
};

pid_t spawn(const Command& command, int input, int output, int error) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, 0);
  posix_spawn_file_actions_adddup2(&files, output, 1);
  posix_spawn_file_actions_adddup2(&files, error, 2);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  for (const int number : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGQUIT}) sigaddset(&defaults, number);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  const auto environment = childEnvironment(command.environment);
  pid_t pid = -1;
  const int failure = posix_spawnp(&pid, command.argv.at(0).c_str(), &files, &attributes, pointers(command.argv).data(),
                                   pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (failure != 0) throw std::runtime_error(command.argv.at(0) + ": " + std::strerror(failure));
  return pid;
}

}  // namespace

Process::Process(const Command& command) {
  Pipe input, output, error;
  input.openForWriting();
  output.openForReading();
  error.openForReading();
  if (pipe2(stop_, O_CLOEXEC) != 0) throw std::runtime_error(std::string("pipe2: ") + std::strerror(errno));
  try {
    pid_ = spawn(command, input.theirs, output.theirs, error.theirs);
  } catch (...) {
    closeOnce(stop_[0]);
    closeOnce(stop_[1]);
    throw;
  }
  input_ = std::exchange(input.ours, -1);
  output_ = std::exchange(output.ours, -1);
  error_ = std::exchange(error.ours, -1);
  collector_ = std::thread([this] { collect(); });
}

Process::~Process() {
  if (!reaped_) {
    kill(pid_, SIGKILL);
    reap(0);
  }
  closeOnce(input_);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  closeOnce(stop_[1]);
  collector_.join();
  closeOnce(stop_[0]);
  closeOnce(output_);
  closeOnce(error_);
}

void Process::collect() {
  pollfd watched[3] = {{output_, POLLIN, 0}, {error_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
  char buffer[4096];
  while (watched[0].fd >= 0 || watched[1].fd >= 0) {
    if (poll(watched, 3, -1) < 0 && errno != EINTR) break;
    const std::lock_guard lock(mutex_);
    if (stopping_) break;
    if (outputUnwanted_ && watched[0].fd >= 0) {
      closeOnce(output_);
      watched[0].fd = -1;
    }
    if (watched[2].revents != 0 && read(stop_[0], buffer, 1) <= 0) watched[2].fd = -1;
    for (const int i : {0, 1}) {
      if (watched[i].fd < 0 || watched[i].revents == 0) continue;
      const auto count = read(watched[i].fd, buffer, sizeof buffer);
      if (count > 0) {
        (i == 0 ? out_ : err_).append(buffer, static_cast<std::size_t>(count));
      } else if (count == 0 || errno != EINTR) {
        watched[i].fd = -1;
      }
    }
    changed_.notify_all();
  }
  const std::lock_guard lock(mutex_);
  collected_ = true;
  changed_.notify_all();
}

void Process::write(std::string_view text) {
  while (!text.empty() && input_ >= 0) {
    const auto count = send(input_, text.data(), text.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void Process::closeInput() { closeOnce(input_); }

void Process::closeOutput() {
  std::unique_lock lock(mutex_);
  outputUnwanted_ = true;
  if (::write(stop_[1], "x", 1) != 1) throw std::runtime_error(std::string("write: ") + std::strerror(errno));
  changed_.wait(lock, [&] { return output_ < 0 || collected_; });
}

std::string Process::readLine(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  const auto haveLine = [this] { return out_.find('\n', lineStart_) != std::string::npos; };
  changed_.wait_for(lock, timeout, [&] { return haveLine() || collected_; });
  if (!haveLine()) throw std::runtime_error("no line on standard output; standard error was: " + err_);
  const auto end = out_.find('\n', lineStart_);
  return out_.substr(std::exchange(lineStart_, end + 1), end - lineStart_);
}

bool Process::waitForError(std::string_view text, std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  const auto found = [&] { return err_.find(text) != std::string::npos; };
  changed_.wait_for(lock, timeout, [&] { return found() || collected_; });
  return found();
}

void Process::signal(int number) const {
  if (!reaped_) kill(pid_, number);
}

void Process::reap(int options) {
  int status = 0;
  pid_t got = 0;
  do {
    got = waitpid(pid_, &status, options);
  } while (got < 0 && errno == EINTR);
  if (got != pid_) return;
  waitStatus_ = status;
  reaped_ = true;
}

Finished Process::wait(std::chrono::milliseconds timeout) {
  closeInput();
  return waitForEnd(timeout);
}

Finished Process::waitForEnd(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (!reaped_) {
    reap(WNOHANG);
    if (reaped_) break;
    if (std::chrono::steady_clock::now() > deadline) {
      kill(pid_, SIGKILL);
      reap(0);
      const std::lock_guard lock(mutex_);
      throw std::runtime_error("the program did not end in time; standard error was: " + err_);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  std::unique_lock lock(mutex_);
  // A grandchild may hold the pipes open for longer: what has come by then is what there is.
  changed_.wait_for(lock, std::chrono::seconds(2), [this] { return collected_; });
  return {WIFEXITED(waitStatus_) ? WEXITSTATUS(waitStatus_) : -WTERMSIG(waitStatus_), out_, err_};
}

Finished run(const Command& command, std::string_view input, std::chrono::milliseconds timeout) {
  Process process(command);
  process.write(input);
  return process.wait(timeout);
}

}  // namespace chatapps::support
