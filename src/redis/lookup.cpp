#include "redis/lookup.hpp"

#include <netdb.h>

#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <thread>
#include <utility>

namespace chatapps::redis {

std::shared_ptr<Lookup> Lookup::begin(const std::string& host, int port, std::shared_ptr<WakePipe> wake) {
  auto lookup = std::make_shared<Lookup>();
  lookup->run(host, port, AI_NUMERICHOST);
  if (!lookup->places_.empty()) {
    lookup->done_ = true;
    return lookup;
  }
  try {
    std::thread([lookup, host, port, wake = std::move(wake)] {
      try {
        lookup->run(host, port, 0);
      } catch (const std::bad_alloc&) {  // those that were found are better than none
      }
      lookup->done_ = true;
      wake->wake();
    }).detach();
  } catch (const std::exception&) {  // no thread is to be had: as if there were no such host
    lookup->done_ = true;
  }
  return lookup;
}

void Lookup::run(const std::string& host, int port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* all = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &all) != 0) return;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> found(all, freeaddrinfo);
  for (const addrinfo* each = found.get(); each != nullptr; each = each->ai_next) {
    Place place;
    if (each->ai_addrlen > sizeof place.address) continue;
    std::memcpy(&place.address, each->ai_addr, each->ai_addrlen);
    place.length = each->ai_addrlen;
    places_.push_back(place);
  }
}

}  // namespace chatapps::redis
