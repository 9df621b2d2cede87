/// @file error_json.hpp
/// An error as programs read it.
#pragma once

#include <exception>
#include <string>

#include "output/record_json.hpp"

namespace chatapps::cli {

/// `{"type":...,"httpStatus":...,"code":...,"message":...,"errorId":...,"timestamp":...,"attempts":N}`; what the answer
/// did not say is absent. `message` is the API's own text where there is one.
Json errorJson(const std::exception& error);

/// `{"error":{...}}` and a line break.
std::string errorJsonLine(const std::exception& error);

}  // namespace chatapps::cli
