// One non-blocking connection to a place, with TLS where asked for.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <memory>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace chatapps::redis {

/// Where to connect to.
struct Place {
  sockaddr_storage address{};
  socklen_t length = 0;
};

/// How the server is verified. Made once, shared by all connections.
class Tls {
 public:
  /// Empty texts as in RedisPacerOptions. Throws InvalidArgumentError for a file that can't be used.
  Tls(const std::string& caFile, const std::string& certFile, const std::string& keyFile);
  ssl_ctx_st* context() const noexcept { return context_.get(); }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const noexcept;
  };
  std::unique_ptr<ssl_ctx_st, Free> context_;
};

/// Not thread-safe. Nothing of it blocks; its thread must block SIGPIPE.
class Socket {
 public:
  enum class State { Connecting, Open, Failed };

  /// Begins to connect. `tls` null: none; else `host` is the name that the certificate must be for.
  Socket(const Place& place, const Tls* tls, const std::string& host);
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();

  int descriptor() const noexcept { return descriptor_; }
  State state() const noexcept { return state_; }
  /// It failed since the certificate or the TLS version is not what it should be: trying again won't help.
  bool isUntrusted() const noexcept { return untrusted_; }

  /// Events of poll() that `advance` waits for.
  short wanted() const noexcept;
  /// Goes on with what is under way: connecting, the handshake, writing. To be called after poll().
  void advance();
  void write(const std::string& bytes);
  /// How many bytes came into `buffer`; 0 for none yet, or where the connection has failed.
  std::size_t read(char* buffer, std::size_t size);

 private:
  struct Free {
    void operator()(ssl_st* ssl) const noexcept;
  };
  void begin(const Place& place, const Tls* tls, const std::string& host);
  void fail() noexcept { state_ = State::Failed; }
  void connected();
  void shakeHands();
  void flush();
  bool mayGoOn(int result);

  int descriptor_ = -1;
  State state_ = State::Connecting;
  bool connected_ = false;  // TCP is; TLS may not
  bool untrusted_ = false;
  bool tlsWantsWrite_ = false;
  std::unique_ptr<ssl_st, Free> ssl_;
  std::string unsent_;
};

}  // namespace chatapps::redis
