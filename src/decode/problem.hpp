// What was wrong with a body.
#pragma once

#include <string>

namespace chatapps::decode {

/// What was wrong with a body, and where.
struct Problem {
  std::string where;  ///< JSON pointer; empty for the whole document
  std::string what;   ///< names what is expected, never echoes the body
  bool cut = false;   ///< the body ends before the document does: an answer that was cut short
};

}  // namespace chatapps::decode
