// A server that misbehaves as told: each connection runs a script written in the test, and everything is counted.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "listener.hpp"

namespace chatapps::support {

/// One request as it stood on the wire, up to its empty line.
struct SeenRequest {
  std::size_t number = 0;        ///< among all of the server, from 0
  std::size_t connection = 0;    ///< which connection it came by, from 0
  std::size_t onConnection = 0;  ///< among those of its connection, from 0
  std::chrono::steady_clock::time_point at;
  std::string raw;
};

class FaultServer;

/// What a script holds: one accepted connection. Nothing here throws or blocks once the client or the server has gone.
class Connection {
 public:
  Connection(FaultServer& server, int socket, std::size_t number) : server_(server), socket_(socket), number_(number) {}

  std::size_t number() const { return number_; }           ///< from 0, in the order of arrival
  const SeenRequest& request() const { return request_; }  ///< the last one that was read

  bool readRequest();           ///< waits for a whole request and records it; false when the client has left
  std::string readSome();       ///< whatever bytes come next, a ClientHello for example; empty when the client has left
  bool waitForClientToLeave();  ///< says nothing until then; false when the server was stopped first

  bool send(std::string_view bytes);  ///< false when the client has left
  bool sendSlowly(std::string_view bytes, std::chrono::milliseconds gap, std::size_t slice = 1);
  bool pause(std::chrono::milliseconds time);  ///< false when the server was stopped meanwhile
  void finish();                               ///< FIN: no more bytes from here
  void reset();                                ///< RST: the end of the connection, whatever is in the air

 private:
  friend class FaultServer;
  bool waitReadable();

  FaultServer& server_;
  int socket_;
  std::size_t number_;
  std::size_t requests_ = 0;
  std::string unread_;
  SeenRequest request_;
};

using Script = std::function<void(Connection&)>;

/// Listens on a free port of 127.0.0.1. Each connection has a thread that runs the script and then closes it with FIN.
/// The counts may be read at any time, from any thread.
class FaultServer {
 public:
  explicit FaultServer(Script script);
  FaultServer(const FaultServer&) = delete;
  FaultServer& operator=(const FaultServer&) = delete;
  ~FaultServer();

  int port() const { return listener_.port(); }
  std::string url(const std::string& scheme = "http", const std::string& host = "127.0.0.1") const;

  std::size_t connections() const;
  std::size_t closedConnections() const;  ///< whose script has ended
  std::vector<SeenRequest> requests() const;
  std::size_t requestCount() const;
  std::size_t requestsOn(std::size_t connection) const;
  std::size_t bytesReceived() const { return bytesReceived_; }
  std::size_t bytesSent() const { return bytesSent_; }

  /// Waits until so many came. False after ten seconds.
  bool waitForRequests(std::size_t count) const;
  bool waitForConnections(std::size_t count) const;
  bool waitForClosedConnections(std::size_t count) const;

 private:
  friend class Connection;
  void acceptAll();
  void serve(int socket, std::size_t number);
  void joinEnded();
  void record(SeenRequest& request);
  template <class Condition>
  bool waitUntil(Condition condition) const;

  Script script_;
  const Listener listener_;
  const int stop_;  // an eventfd that is readable for good once the server stops
  std::thread acceptor_;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<std::size_t, std::thread> servers_;  // by number of connection
  std::vector<std::size_t> ended_;              // those whose thread is about to end
  std::vector<SeenRequest> requests_;
  std::size_t connections_ = 0;
  std::size_t closed_ = 0;
  std::atomic<std::size_t> bytesReceived_{0};
  std::atomic<std::size_t> bytesSent_{0};
};

/// The script of a server that keeps connections alive and gives each request what `answer` returns for it; an empty
/// text closes the connection instead.
Script answerEach(std::function<std::string(const SeenRequest&)> answer);

/// The n-th connection runs the n-th script; those after the last run the last.
Script inTurn(std::vector<Script> scripts);

}  // namespace chatapps::support
