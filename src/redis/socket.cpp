#include "redis/socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <new>

#include "chatapps/errors.hpp"

namespace chatapps::redis {
namespace {

bool isNumber(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 || inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

// A connection that ends in the midst of a handshake: the network, not a matter of trust.
bool isEarlyEnd([[maybe_unused]] unsigned long error) noexcept {
#ifdef SSL_R_UNEXPECTED_EOF_WHILE_READING
  return ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
#else
  return false;
#endif
}

bool wouldBlock() noexcept { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

void Tls::Free::operator()(ssl_ctx_st* context) const noexcept { SSL_CTX_free(context); }

Tls::Tls(const std::string& caFile, const std::string& certFile, const std::string& keyFile)
    : context_(SSL_CTX_new(TLS_client_method())) {
  if (!context_) throw std::bad_alloc();
  SSL_CTX* const context = context_.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  const int trusted = caFile.empty() ? SSL_CTX_set_default_verify_paths(context)
                                     : SSL_CTX_load_verify_locations(context, caFile.c_str(), nullptr);
  if (trusted != 1) throw InvalidArgumentError("caFile", "must be a readable file of PEM certificates");
  if (!certFile.empty()) {
    if (SSL_CTX_use_certificate_chain_file(context, certFile.c_str()) != 1)
      throw InvalidArgumentError("certFile", "must be a readable PEM certificate");
    const std::string& key = keyFile.empty() ? certFile : keyFile;
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
      throw InvalidArgumentError("keyFile", "must be the readable PEM key of the certificate");
  }
  ERR_clear_error();
}

void Socket::Free::operator()(ssl_st* ssl) const noexcept { SSL_free(ssl); }

Socket::Socket(const Place& place, const Tls* tls, const std::string& host) { begin(place, tls, host); }

void Socket::begin(const Place& place, const Tls* tls, const std::string& host) {
  if (tls != nullptr) {
    ssl_.reset(SSL_new(tls->context()));
    if (!ssl_) throw std::bad_alloc();
    const bool named = isNumber(host) ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str()) == 1
                                      : SSL_set1_host(ssl_.get(), host.c_str()) == 1;
    if (!named) return fail();
    if (!isNumber(host)) SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
  }
  descriptor_ = ::socket(place.address.ss_family, SOCK_STREAM, 0);
  if (descriptor_ < 0) return fail();
  const int on = 1;
  ::fcntl(descriptor_, F_SETFD, FD_CLOEXEC);
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&place.address), place.length) == 0) return connected();
  if (errno != EINPROGRESS && errno != EINTR) fail();
}

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

short Socket::wanted() const noexcept {
  if (state_ == State::Failed) return 0;
  if (!connected_) return POLLOUT;
  const bool writes = ssl_ ? tlsWantsWrite_ : !unsent_.empty();
  return static_cast<short>(writes ? POLLIN | POLLOUT : POLLIN);
}

void Socket::advance() {
  if (state_ == State::Failed) return;
  if (!connected_) {
    pollfd watched{descriptor_, POLLOUT, 0};
    if (::poll(&watched, 1, 0) <= 0) return;
    int error = 0;
    socklen_t length = sizeof error;
    if (::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &length) != 0 || error != 0) return fail();
    return connected();
  }
  if (state_ == State::Connecting) return shakeHands();
  flush();
}

void Socket::connected() {
  connected_ = true;
  if (ssl_) {
    if (SSL_set_fd(ssl_.get(), descriptor_) != 1) return fail();
    return shakeHands();
  }
  state_ = State::Open;
  flush();
}

void Socket::shakeHands() {
  ERR_clear_error();
  const int result = SSL_connect(ssl_.get());
  if (result == 1) {
    tlsWantsWrite_ = false;
    state_ = State::Open;
    return flush();
  }
  if (mayGoOn(result)) return;
  const bool brokeOff = SSL_get_error(ssl_.get(), result) != SSL_ERROR_SSL || isEarlyEnd(ERR_peek_error());
  untrusted_ = SSL_get_verify_result(ssl_.get()) != X509_V_OK || !brokeOff;
  ERR_clear_error();
  fail();
}

// What OpenSSL waits for; false where it failed.
bool Socket::mayGoOn(int result) {
  const int why = SSL_get_error(ssl_.get(), result);
  tlsWantsWrite_ = why == SSL_ERROR_WANT_WRITE;
  return tlsWantsWrite_ || why == SSL_ERROR_WANT_READ;
}

void Socket::write(const std::string& bytes) {
  unsent_ += bytes;
  if (state_ == State::Open) flush();
}

void Socket::flush() {
  while (!unsent_.empty() && state_ == State::Open) {
    if (ssl_) {
      ERR_clear_error();
      const int sent = SSL_write(ssl_.get(), unsent_.data(), static_cast<int>(unsent_.size()));
      if (sent <= 0) {
        if (!mayGoOn(sent)) fail();
        return;
      }
      unsent_.erase(0, static_cast<std::size_t>(sent));
    } else {
      const ssize_t sent = ::send(descriptor_, unsent_.data(), unsent_.size(), 0);
      if (sent < 0) {
        if (!wouldBlock()) fail();
        return;
      }
      unsent_.erase(0, static_cast<std::size_t>(sent));
    }
  }
  tlsWantsWrite_ = false;
}

std::size_t Socket::read(char* buffer, std::size_t size) {
  if (state_ != State::Open) return 0;
  if (ssl_) {
    ERR_clear_error();
    const int got = SSL_read(ssl_.get(), buffer, static_cast<int>(size));
    if (got > 0) return static_cast<std::size_t>(got);
    if (!mayGoOn(got)) fail();
    return 0;
  }
  const ssize_t got = ::recv(descriptor_, buffer, size, 0);
  if (got > 0) return static_cast<std::size_t>(got);
  if (got == 0 || !wouldBlock()) fail();
  return 0;
}

}  // namespace chatapps::redis
