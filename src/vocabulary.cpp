#include "chatapps/vocabulary.hpp"

#include <algorithm>
#include <initializer_list>

#include "lower_case.hpp"

namespace chatapps {
namespace {

template <class Word>
bool isOneOf(const Word& word, std::initializer_list<typename Word::Known> known) noexcept {
  return std::find(known.begin(), known.end(), word) != known.end();
}

}  // namespace

bool equalIgnoringCase(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lowerCase(x) == lowerCase(y); });
}

bool State::isKnown() const noexcept {
  return isOneOf(*this, {Unknown, Queued, Failed, Sent, Delivered, Undelivered, Read, Ok, Error, Rejected});
}

bool StatusDetail::isKnown() const noexcept {
  return isOneOf(*this, {DeliveredToOperator, DeliveredToRecipient, RejectedByOperator, UndeliveredToRecipient});
}

bool Channel::isKnown() const noexcept {
  return isOneOf(*this,
                 {SMS, WhatsApp, RCS, Viber, Line, Facebook, WeChat, Zalo, Kakao, ZaloNotification, LineNotification});
}

bool Direction::isKnown() const noexcept { return isOneOf(*this, {Outbound, Inbound}); }

bool ContentType::isKnown() const noexcept {
  return isOneOf(*this, {Text, Audio, Video, Image, Location, File, Carousel, List, Buttons, Template});
}

}  // namespace chatapps
