// The out-of-line parts of the interfaces that users may implement: they give each its one vtable.
#include "chatapps/observer.hpp"
#include "chatapps/open_enum.hpp"
#include "chatapps/pacer.hpp"
#include "chatapps/transport.hpp"

namespace chatapps {

Observer::~Observer() = default;
Pacer::~Pacer() = default;
Transport::~Transport() = default;

const std::string* HttpResponse::header(std::string_view name) const noexcept {
  for (const Header& header : headers) {
    if (equalIgnoringCase(header.first, name)) return &header.second;
  }
  return nullptr;
}

}  // namespace chatapps
