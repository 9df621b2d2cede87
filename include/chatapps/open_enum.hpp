/// @file open_enum.hpp
/// An enumeration whose values come from a server: known ones have names, unknown ones keep their text.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "chatapps/export.hpp"

namespace chatapps {

/// True when both texts are equal without regard to the case of ASCII letters. Allocates nothing.
CHATAPPS_EXPORT bool equalIgnoringCase(std::string_view a, std::string_view b) noexcept;

/// Base of State, StatusDetail, Channel, Direction and ContentType. A plain value: copyable, comparable, not synchronised.
///
/// The published vocabularies are open in practice (the published example says `Outbound` where the list says
/// `outbound`), so comparison ignores case and nothing that the server says is an error.
template <class Derived>
class OpenEnum {
 public:
  /// A documented value, such as `Channel::WhatsApp`. A literal, so that naming one costs nothing.
  class Known {
   public:
    constexpr explicit Known(const char* text) noexcept : text_(text) {}  ///< For the constants of a vocabulary.
    constexpr std::string_view text() const noexcept { return text_; }    ///< The wire's spelling.
    constexpr bool isKnown() const noexcept { return true; }              ///< As any value can be asked.
    /// Whether both are the same one.
    friend constexpr bool operator==(Known a, Known b) noexcept { return a.text() == b.text(); }
    /// Whether they differ.
    friend constexpr bool operator!=(Known a, Known b) noexcept { return !(a == b); }

   private:
    const char* text_;  // its length is only counted where it is asked for
  };

  /// No value: `text()` is empty. What the wire left out.
  OpenEnum() = default;
  /// One of the documented values.
  OpenEnum(Known value) : text_(value.text()) {}  // NOLINT(google-explicit-constructor): `channel = Channel::SMS`
  explicit OpenEnum(std::string text) noexcept : text_(std::move(text)) {}  ///< Any text, as it came.

  /// The text exactly as it came: "Outbound", "delivered_to_carrier", "Telegram".
  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

/// Without regard to case.
template <class E>
bool operator==(const OpenEnum<E>& a, const OpenEnum<E>& b) noexcept {
  return equalIgnoringCase(a.text(), b.text());
}
/// Without regard to case.
template <class E>
bool operator!=(const OpenEnum<E>& a, const OpenEnum<E>& b) noexcept {
  return !(a == b);
}
/// Without regard to case.
template <class E>
bool operator==(const OpenEnum<E>& a, typename OpenEnum<E>::Known b) noexcept {
  return equalIgnoringCase(a.text(), b.text());
}
/// Without regard to case.
template <class E>
bool operator!=(const OpenEnum<E>& a, typename OpenEnum<E>::Known b) noexcept {
  return !(a == b);
}
/// Without regard to case.
template <class E>
bool operator==(typename OpenEnum<E>::Known a, const OpenEnum<E>& b) noexcept {
  return b == a;
}
/// Without regard to case.
template <class E>
bool operator!=(typename OpenEnum<E>::Known a, const OpenEnum<E>& b) noexcept {
  return !(b == a);
}

}  // namespace chatapps
