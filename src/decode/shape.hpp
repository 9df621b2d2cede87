// What a JSON object is read into: which fields it has, of which type, and the members they go to.
//
// A document is described by tables of fields, made with text, integer, object and array below:
//   constexpr Field kUserFields[] = {text<&User::msisdn>("msisdn"), text<&User::channelUserId>("channelUserId")};
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace chatapps::decode {

enum class Type { Text, Integer, Object, Array };  ///< Array: of objects

struct Shape;

/// One field of an object. `owner` is that object; the functions know its type.
struct Field {
  std::string_view name;
  Type type = Type::Text;
  bool required = false;
  void (*clear)(void* owner) = nullptr;                           ///< back to absent
  bool (*setText)(void* owner, std::string_view text) = nullptr;  ///< true
  bool (*setInteger)(void* owner, std::int64_t value) = nullptr;  ///< false where the member can not hold it
  void* (*open)(void* owner) = nullptr;                           ///< the emptied member
  void* (*append)(void* array) = nullptr;                         ///< a new last element
  const Shape* shape = nullptr;                                   ///< of the object or of the array's elements
};

/// An object's fields; at most 32.
struct Shape {
  template <std::size_t N>
  constexpr explicit Shape(const Field (&table)[N]) noexcept : fields(table), count(N) {
    static_assert(N <= 32, "a field is one bit of a std::uint32_t");
    for (std::size_t i = 0; i < N; ++i) {
      if (table[i].required) required |= bit(table[i]);
    }
  }
  constexpr std::uint32_t bit(const Field& field) const noexcept { return std::uint32_t{1} << (&field - fields); }
  const Field* begin() const noexcept { return fields; }
  const Field* end() const noexcept { return fields + count; }

  const Field* fields;
  std::size_t count;
  std::uint32_t required = 0;  ///< bits
};

constexpr Field required(Field field) noexcept {
  field.required = true;
  return field;
}

namespace detail {

template <auto kMember>
struct Member;

template <class Owner, class Value, Value Owner::*kMember>
struct Member<kMember> {
  static Value& in(void* owner) noexcept { return static_cast<Owner*>(owner)->*kMember; }
  static void clear(void* owner) { in(owner) = Value(); }
};

template <class T>
T& fresh(T& member) {
  return member = T();
}
template <class T>
T& fresh(std::optional<T>& member) {
  return member.emplace();
}

template <class T>
bool assign(T& member, std::string_view text) {
  member = T(std::string(text));
  return true;
}
template <class T>
bool assign(std::optional<T>& member, std::string_view text) {
  member.emplace(std::string(text));
  return true;
}

template <class T>
bool assign(T& member, std::int64_t value) {
  if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max()) return false;
  member = static_cast<T>(value);
  return true;
}
template <class T>
bool assign(std::optional<T>& member, std::int64_t value) {
  return assign(member.emplace(), value);
}

template <auto kMember>
constexpr Field field(std::string_view name, Type type) noexcept {
  Field made;
  made.name = name;
  made.type = type;
  made.clear = &Member<kMember>::clear;
  return made;
}

}  // namespace detail

template <auto kMember>
constexpr Field text(std::string_view name) noexcept {
  Field made = detail::field<kMember>(name, Type::Text);
  made.setText = [](void* owner, std::string_view text) {
    return detail::assign(detail::Member<kMember>::in(owner), text);
  };
  return made;
}

template <auto kMember>
constexpr Field integer(std::string_view name) noexcept {
  Field made = detail::field<kMember>(name, Type::Integer);
  made.setInteger = [](void* owner, std::int64_t value) {
    return detail::assign(detail::Member<kMember>::in(owner), value);
  };
  return made;
}

template <auto kMember>
constexpr Field object(std::string_view name, const Shape& shape) noexcept {
  Field made = detail::field<kMember>(name, Type::Object);
  made.open = [](void* owner) -> void* { return &detail::fresh(detail::Member<kMember>::in(owner)); };
  made.shape = &shape;
  return made;
}

template <auto kMember>
constexpr Field array(std::string_view name, const Shape& shape) noexcept {
  using Array = std::remove_reference_t<decltype(detail::Member<kMember>::in(nullptr))>;
  Field made = detail::field<kMember>(name, Type::Array);
  made.open = [](void* owner) -> void* { return &detail::fresh(detail::Member<kMember>::in(owner)); };
  made.append = [](void* array) -> void* { return &static_cast<Array*>(array)->emplace_back(); };
  made.shape = &shape;
  return made;
}

}  // namespace chatapps::decode
