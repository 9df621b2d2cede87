// A request as a program writes it that has libcurl and not this library.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <new>
#include <string>

#include "benchmark/allocation_count.hpp"
#include "benchmark/one_call.hpp"

namespace chatapps::testing {

/// libcurl's memory is counted from here on.
inline void startCurl() {
  curl_global_init_mem(CURL_GLOBAL_DEFAULT, countedMalloc, std::free, countedRealloc, countedStrdup, countedCalloc);
}

/// One easy handle, set up once.
class EasyRequest {
 public:
  enum class Body { ThrownAway, Kept };

  EasyRequest(const std::string& baseUrl, Body body) : baseUrl_(baseUrl), easy_(curl_easy_init()) {
    if (!easy_) throw std::bad_alloc();
    headers_ = curl_slist_append(headers_, (std::string("Authorization: Bearer ") + kKey).c_str());
    headers_ = curl_slist_append(headers_, "Accept: application/json");
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, body == Body::Kept ? &keep : &throwAway);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    aimAt(kSubAccount);
  }
  EasyRequest(const EasyRequest&) = delete;
  EasyRequest& operator=(const EasyRequest&) = delete;
  ~EasyRequest() {
    curl_easy_cleanup(easy_);
    curl_slist_free_all(headers_);
  }

  CURL* easy() const { return easy_; }
  const std::string& body() const { return body_; }

  void aimAt(const std::string& subAccount) {
    body_.clear();
    curl_easy_setopt(easy_, CURLOPT_URL, (baseUrl_ + messagePath(subAccount)).c_str());
  }
  bool perform() { return curl_easy_perform(easy_) == CURLE_OK && succeeded(); }
  bool succeeded() const {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    return status == 200;
  }

 private:
  static std::size_t keep(char* data, std::size_t size, std::size_t count, void* self) {
    static_cast<EasyRequest*>(self)->body_.append(data, size * count);
    return size * count;
  }
  static std::size_t throwAway(char*, std::size_t size, std::size_t count, void*) { return size * count; }

  std::string baseUrl_;
  CURL* easy_;
  curl_slist* headers_ = nullptr;
  std::string body_;
};

}  // namespace chatapps::testing
