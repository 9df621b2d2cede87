// Reads whatever of an error answer's body can be read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chatapps/timestamp.hpp"

namespace chatapps::decode {

struct ErrorBody {
  std::optional<std::int64_t> code;
  std::optional<std::string> message;
  std::optional<std::string> errorId;
  std::optional<Timestamp> timestamp;
};

/// Each field is absent where the body lacks it, has another type there, or is not JSON. Fields that stand before the
/// place where a broken body breaks are kept. Throws nothing but std::bad_alloc.
ErrorBody errorBody(std::string_view json);

}  // namespace chatapps::decode
