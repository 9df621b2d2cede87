// The out-of-line parts of the interfaces that users may implement: they give each its one vtable.
#include "chatapps/observer.hpp"
#include "chatapps/open_enum.hpp"
#include "chatapps/pacer.hpp"
#include "chatapps/transport.hpp"

#include <utility>

namespace chatapps {

Observer::~Observer() = default;
Pacer::~Pacer() = default;
Transport::~Transport() = default;

std::optional<Clock::duration> Pacer::confirm(const LaneName&, Clock::duration, Clock::duration late) {
  if (late > std::chrono::milliseconds(250)) return std::nullopt;
  return Clock::duration::zero();
}

void Pacer::giveBack(const LaneName&) noexcept {}

void Pacer::passOn(const LaneName&, Clock::duration, bool) noexcept {}

Reply::Reply(HttpResponse answer, Clock::duration takes) : response(std::move(answer)), after(takes) {}

Reply::Reply(TransportFailure whyNone, Clock::duration takes)
    : answered(false), failure(std::move(whyNone)), after(takes) {}

const std::string* HttpResponse::header(std::string_view name) const noexcept {
  for (const Header& header : headers) {
    if (equalIgnoringCase(header.first, name)) return &header.second;
  }
  return nullptr;
}

}  // namespace chatapps
