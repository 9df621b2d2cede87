#include "decode/shape_filler.hpp"

#include <algorithm>
#include <utility>

namespace chatapps::decode {
namespace {

constexpr std::size_t kMaxDepth = 64;

const char* expected(Type type) {
  switch (type) {
    case Type::Text: return "expected a string";
    case Type::Integer: return "expected an integer";
    case Type::Object: return "expected an object";
    case Type::Array: return "expected an array of objects";
  }
  return "";
}

}  // namespace

bool ShapeFiller::start(Type type) {
  if (depth_ == kMaxDepth) {
    problem_ = Problem{pointer(open_), "expected at most " + std::to_string(kMaxDepth) + " levels of nesting"};
    return false;
  }
  if (depth_ == 0 && type == Type::Object) {
    push(shape_, object_, nullptr);
  } else if (depth_ == open_ && open_ > 0 && top().array && !top().problem && type == Type::Object) {
    push(*top().shape, top().array->append(top().value), nullptr);
  } else if (const Field* field = place()) {
    if (field->type == type) {
      push(*field->shape, field->open(top().value), type == Type::Array ? field : nullptr);
    } else {
      settle(false);
    }
  }
  ++depth_;
  return true;
}

void ShapeFiller::end() {
  if (depth_-- != open_) return;
  std::optional<Problem> problem = verdict();
  if (--open_ == 0) {
    filled_ = true;
    problem_ = std::move(problem);
    return;
  }
  Frame& outer = top();
  if (!outer.array) settle(!problem);
  if (!problem) {
    ++outer.index;  // of an object it says nothing
    return;
  }
  outer.problem = std::move(problem);
  outer.problemOf = outer.field;
}

void ShapeFiller::key(std::string_view name) {
  if (depth_ != open_) return;
  const auto named = [name](const Field& field) { return field.name == name; };
  const Shape& shape = *top().shape;
  const Field* found = std::find_if(shape.begin(), shape.end(), named);
  top().field = found == shape.end() ? nullptr : found;
}

void ShapeFiller::text(std::string_view value) {
  if (const Field* field = place()) settle(field->type == Type::Text && field->setText(top().value, value));
}

void ShapeFiller::integer(std::int64_t value) {
  if (const Field* field = place()) settle(field->type == Type::Integer && field->setInteger(top().value, value));
}

void ShapeFiller::other() {
  if (place()) settle(false);
}

std::optional<Problem> ShapeFiller::problem() const {
  if (problem_ || filled_) return problem_;
  return Problem{"", expected(Type::Object)};
}

void ShapeFiller::push(const Shape& shape, void* value, const Field* array) {
  Frame& frame = frames_.at(open_++);
  frame = Frame();
  frame.shape = &shape;
  frame.value = value;
  frame.array = array;
}

/// The field whose value comes now; null where it is read over.
const Field* ShapeFiller::place() {
  if (open_ == 0 || depth_ != open_) return nullptr;
  Frame& frame = top();
  if (frame.array) {
    if (!frame.problem) frame.problem = Problem{pointer(open_), expected(Type::Object)};
    return nullptr;
  }
  if (frame.problemOf == frame.field) frame.problem.reset();
  return frame.field;
}

/// Whether the field at hand got a value of its type. The last one counts: what it had before is gone.
void ShapeFiller::settle(bool good) {
  Frame& frame = top();
  const std::uint32_t bit = frame.shape->bit(*frame.field);
  if (good) {
    frame.settled |= bit;
  } else {
    frame.settled &= ~bit;
    frame.field->clear(frame.value);
  }
}

/// What is wrong with the object or array that ends.
std::optional<Problem> ShapeFiller::verdict() {
  Frame& frame = top();
  const Shape& shape = *frame.shape;
  if (frame.array) return std::move(frame.problem);
  if ((frame.settled & shape.required) == shape.required) return std::nullopt;
  const auto isMissing = [&](const Field& field) { return field.required && !(frame.settled & shape.bit(field)); };
  const Field& missing = *std::find_if(shape.begin(), shape.end(), isMissing);
  if (frame.problem && frame.problemOf == &missing) return std::move(frame.problem);
  return Problem{pointer(open_ - 1) + "/" + std::string(missing.name), expected(missing.type)};
}

/// JSON pointer to the value at hand. Only names from a shape stand in it, none of which needs escaping.
std::string ShapeFiller::pointer(std::size_t frames) const {
  std::string path;
  for (std::size_t i = 0; i < frames; ++i) {
    const Frame& frame = frames_[i];
    if (!frame.array && !frame.field) break;
    path += "/";
    path += frame.array ? std::to_string(frame.index) : std::string(frame.field->name);
  }
  return path;
}

}  // namespace chatapps::decode
