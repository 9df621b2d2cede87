// Fills an object of a known shape from the events of a parser.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "decode/problem.hpp"
#include "decode/shape.hpp"

namespace chatapps::decode {

/// Told what a parser reads, in order, it fills `object`. Holds the rules for types, required fields, duplicates and
/// depth.
class ShapeFiller {
 public:
  ShapeFiller(const Shape& shape, void* object) : shape_(shape), object_(object) {}

  [[nodiscard]] bool start(Type type);  ///< of an object or array; false: nested too deep, read no further
  void end();                           ///< of an object or array
  void key(std::string_view name);
  void text(std::string_view value);
  void integer(std::int64_t value);
  void other();  ///< null, true, false, any other number

  /// What is wrong with the document that was read.
  std::optional<Problem> problem() const;

 private:
  /// An object or array that is being filled.
  struct Frame {
    const Shape* shape = nullptr;  // of the object, or of the array's elements
    void* value = nullptr;         // the object or array itself
    const Field* array = nullptr;  // which array it is; null for an object
    const Field* field = nullptr;  // of the object: whose value comes next; null where that is read over
    std::uint32_t settled = 0;     // of the object: the fields that hold a value of their type
    std::size_t index = 0;         // of the array: which element comes next
    // Of the array: its first, and further elements are read over, so that memory does not grow with a body that is no
    // good. Of the object: within the value of `problemOf`, forgotten if that field stands again.
    std::optional<Problem> problem{};
    const Field* problemOf = nullptr;
  };

  Frame& top() { return frames_[open_ - 1]; }
  void push(const Shape& shape, void* value, const Field* array);
  const Field* place();
  void settle(bool good);
  std::optional<Problem> verdict();
  std::string pointer(std::size_t frames) const;

  static constexpr std::size_t kMaxFrames = 8;  // more than any shape nests
  const Shape& shape_;
  void* object_;
  std::array<Frame, kMaxFrames> frames_;
  std::size_t open_ = 0;   // frames
  std::size_t depth_ = 0;  // objects and arrays that are open, those that are read over too
  bool filled_ = false;
  std::optional<Problem> problem_;
};

}  // namespace chatapps::decode
