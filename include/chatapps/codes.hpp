/// @file codes.hpp
/// What the numbers mean that say why a call was refused (`ApiCode`) or what a channel said (`DeliveryCode`).
/// The same number stands for different things in the two: 2000 is an internal error of the API, and success on Viber.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chatapps/export.hpp"
#include "chatapps/vocabulary.hpp"

namespace chatapps {

/// What kind of trouble a code stands for.
enum class CodeClass {
  NoFailure,      ///< says that all went well, or nothing at all
  Permanent,      ///< this message will never reach this person in this way
  Transient,      ///< may work later
  Configuration,  ///< keys, accounts, numbers, credit: someone has to change something
  OptedOut,       ///< the person does not want it
  Content,        ///< what was sent is not acceptable
  Unknown,        ///< not in 8x8's lists
};

/// The `code` of an error answer, as `ApiError::code()` gives it. A plain value.
/// Source: 8x8, "API error codes".
struct ApiCode {
  std::int64_t code = 0;  ///< as on the wire

  CHATAPPS_EXPORT bool isKnown() const noexcept;  ///< Whether 8x8 documents it.
  /// What it means in a few words; `unknown code 4711` where it is not known.
  CHATAPPS_EXPORT std::string text() const;
  CHATAPPS_EXPORT CodeClass codeClass() const noexcept;  ///< What kind of thing is wrong.
  /// What to do about it, in a sentence.
  CHATAPPS_EXPORT std::string_view advice() const noexcept;

  friend bool operator==(const ApiCode& a, const ApiCode& b) noexcept { return a.code == b.code; }  ///< By number.
  friend bool operator!=(const ApiCode& a, const ApiCode& b) noexcept { return !(a == b); }         ///< By number.
};

/// The `errorCode` of a channel attempt, which only means something together with its channel. A plain value.
/// One that is there does not by itself mean failure: the state tells that.
/// Source: 8x8, "Messaging Apps delivery receipt error codes" and "SMS delivery receipt error codes".
struct DeliveryCode {
  Channel channel{};      ///< whose list it is from
  std::int64_t code = 0;  ///< as on the wire

  CHATAPPS_EXPORT bool isKnown() const noexcept;  ///< Whether 8x8 documents it.
  /// What it means in a few words; `unknown code 4711` where it is not known.
  CHATAPPS_EXPORT std::string text() const;
  CHATAPPS_EXPORT CodeClass codeClass() const noexcept;  ///< What kind of thing is wrong.
  /// What to do about it, in a sentence.
  CHATAPPS_EXPORT std::string_view advice() const noexcept;

  /// By channel and number.
  friend bool operator==(const DeliveryCode& a, const DeliveryCode& b) noexcept {
    return a.channel == b.channel && a.code == b.code;
  }
  /// By channel and number.
  friend bool operator!=(const DeliveryCode& a, const DeliveryCode& b) noexcept { return !(a == b); }
};

}  // namespace chatapps
