/// @file command.hpp
/// The commands of the program: one file each.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "common_options.hpp"
#include "interrupt.hpp"
#include "standard_error.hpp"

namespace chatapps::cli {

/// What a command has at hand while it runs.
struct Surroundings {
  StandardError errors;
  Interrupt interrupt;
};

/// What the command line asks for: set while it is parsed, run after that.
struct Chosen {
  std::function<int(Surroundings&)>
      run;  ///< gives the exit code; what it throws is told, and turned into one, by `main`
  bool errorsAsJson = false;
};

void addGet(CLI::App& program, CommonOptions& common, Chosen& chosen);
void addBulk(CLI::App& program, CommonOptions& common, Chosen& chosen);

}  // namespace chatapps::cli
