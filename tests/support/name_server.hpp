// A name server on 127.0.0.1, port 53, for tests that run inside of `dns_namespace.sh`.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>

namespace chatapps::support {

/// Gives every query the same answer, on a thread of its own.
class NameServer {
 public:
  enum class Answer {
    None,        ///< a black hole
    NoSuchName,  ///< NXDOMAIN
    Failure,     ///< SERVFAIL
    Loopback,    ///< ::1 and 127.0.0.1
  };

  explicit NameServer(Answer answer);  ///< throws std::system_error, for example outside of the namespace
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;
  ~NameServer();

  std::size_t queries() const { return queries_; }

 private:
  void serve();
  void answer(std::string& message) const;

  const Answer answer_;
  int socket_ = -1;
  int stop_ = -1;
  std::atomic<std::size_t> queries_{0};
  std::thread thread_;
};

}  // namespace chatapps::support
