// One curl easy handle: sends a request, takes its answer in, and distrusts what libcurl lets pass.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/answer_head.hpp"
#include "http/kept_sockets.hpp"
#include "http/transfer.hpp"
#include "http/wire_options.hpp"

namespace chatapps::http {

/// Used again for one transfer after another; not thread-safe.
class Exchange {
 public:
  /// All three outlive it; `sent` gets the transfers whose request leaves, and has room for it. Throws std::bad_alloc.
  Exchange(const WireOptions& options, KeptSockets& sockets, std::vector<Transfer*>& sent);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  CURL* easy() const noexcept { return easy_.get(); }
  Transfer* transfer() const noexcept { return transfer_; }

  /// Which of the kept connections may carry a request.
  struct Reuse {
    bool none = false;      ///< it goes over a new one
    long idleAtMost = 118;  ///< seconds since the last request over it; libcurl's own default
  };

  void prepare(Transfer& transfer, Reuse reuse);
  /// Its connection carries no request after this one.
  void dropConnection() noexcept;
  /// The kept connection had something to say before it was asked. Nothing was sent over it.
  bool metStaleConnection() const noexcept { return metStale_; }
  TransferResult result(CURLcode code);
  void forget() noexcept;

 private:
  struct EasyDeleter {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
  };
  struct UrlDeleter {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
  };
  struct ListDeleter {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };
  using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;
  static constexpr const char* kLibcurl = "libcurl";

  static HeaderList makeList(const Headers& headers);
  static int onSend(void* self, char*, char*, int, int) noexcept;
  static std::size_t onHeader(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t onBody(char* data, std::size_t size, std::size_t count, void* self) noexcept;

  void setUp();
  void setUpUrl();
  void setUpTls();
  void setUpProxy();
  /// `name`: whose value it is, for who reads that this libcurl can not do it. Throw InvalidArgumentError then.
  void setString(CURLoption option, const char* value, const char* name = kLibcurl);
  void setLong(CURLoption option, long value, const char* name = kLibcurl);
  template <class Pointer>
  void setPointer(CURLoption option, Pointer value);
  bool takeBody(std::string_view bytes);
  void ranOutOfMemory() noexcept;
  std::string host() const;
  TransportFailure cutHead() const;
  bool isOnNewConnection() const noexcept;
  void rememberSocket(std::string_view line);

  const WireOptions& options_;
  KeptSockets& sockets_;
  std::vector<Transfer*>& sent_;
  const std::unique_ptr<CURLU, UrlDeleter> baseUrl_;
  const std::unique_ptr<CURL, EasyDeleter> easy_;
  std::array<char, CURL_ERROR_SIZE> errorText_{};
  std::shared_ptr<const Headers> headers_;  ///< what `headerList_` was made of
  HeaderList headerList_;

  Transfer* transfer_ = nullptr;
  bool metStale_ = false;
  int sends_ = 0;       ///< how often libcurl was about to send the request
  long localPort_ = 0;  ///< over which it did
  AnswerHead head_;
  std::string body_;
  bool cutOff_ = false;  ///< an error answer's body was larger than the limit: what came is enough
  std::optional<TransportFailure> failure_;
};

}  // namespace chatapps::http
