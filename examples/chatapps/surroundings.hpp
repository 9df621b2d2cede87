/// @file surroundings.hpp
/// What a command has at hand while it runs.
#pragma once

#include "interrupt.hpp"
#include "standard_error.hpp"

namespace chatapps::cli {

struct Surroundings {
  StandardError errors;
  Interrupt interrupt;
};

}  // namespace chatapps::cli
