// One curl easy handle: sends a request, takes its answer in, and distrusts what libcurl lets pass.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/answer_head.hpp"
#include "http/kept_sockets.hpp"
#include "http/transfer.hpp"
#include "http/wire_options.hpp"

namespace chatapps::http {

/// Used again for one transfer after another; not thread-safe.
class Exchange {
 public:
  /// `options` and `sockets` outlive it. Throws std::bad_alloc.
  Exchange(const WireOptions& options, KeptSockets& sockets);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  CURL* easy() const noexcept { return easy_.get(); }
  Transfer* transfer() const noexcept { return transfer_; }

  /// `onNew`: over a connection that was not used before; `keep`: later requests may use that one too.
  void prepare(Transfer& transfer, bool onNew, bool keep);
  /// The kept connection had something to say before it was asked. Nothing was sent over it.
  bool metStaleConnection() const noexcept { return metStale_; }
  TransferResult result(CURLcode code);
  void forget() noexcept { transfer_ = nullptr; }

 private:
  struct EasyDeleter {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
  };
  struct ListDeleter {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };
  using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

  static HeaderList makeList(const Headers& headers);
  static int onSend(void* self, char*, char*, int, int) noexcept;
  static std::size_t onHeader(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t onBody(char* data, std::size_t size, std::size_t count, void* self) noexcept;

  void setUp();
  void setUpTls();
  void setUpProxy();
  void setString(CURLoption option, const char* value);
  void setLong(CURLoption option, long value);
  template <class Pointer>
  void setPointer(CURLoption option, Pointer value);
  bool takeBody(std::string_view bytes);
  bool stop(TransportFailure failure);

  const WireOptions& options_;
  KeptSockets& sockets_;
  std::unique_ptr<CURL, EasyDeleter> easy_;
  std::array<char, CURL_ERROR_SIZE> errorText_{};
  std::shared_ptr<const Headers> headers_;  ///< what `headerList_` was made of
  HeaderList headerList_;

  Transfer* transfer_ = nullptr;
  bool metStale_ = false;
  int sends_ = 0;  ///< how often libcurl was about to send the request
  AnswerHead head_;
  std::string body_;
  bool cutOff_ = false;  ///< an error answer's body was larger than the limit: what came is enough
  std::optional<TransportFailure> failure_;
};

}  // namespace chatapps::http
