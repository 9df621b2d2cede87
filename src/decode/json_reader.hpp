// Reads a JSON text into an object of a known shape.
#pragma once

#include <optional>
#include <string_view>

#include "decode/problem.hpp"
#include "decode/shape.hpp"

namespace chatapps::decode {

/// Fills `object`, which `shape` describes and which is new, and says the first thing that is wrong, if any.
/// - Of a field that stands twice the last one counts, with all that was right or wrong in it.
/// - An optional field of another type is absent; a required one that is missing or of another type is a problem.
/// - Unknown fields are read over, whatever they hold; nesting beyond 64 levels is a problem there too.
/// Where the text breaks, what stood before is in `object`. Throws nothing but std::bad_alloc.
std::optional<Problem> readJson(std::string_view json, const Shape& shape, void* object);

}  // namespace chatapps::decode
