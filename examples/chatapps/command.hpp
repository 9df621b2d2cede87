/// @file command.hpp
/// The commands of the program: one file each.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "common_options.hpp"
#include "surroundings.hpp"

namespace chatapps::cli {

/// What the command line asks for: set while it is parsed, run after that.
struct Chosen {
  std::function<int(Surroundings&)> run;  ///< gives the exit code; `main` tells what it throws, and turns it into one
  bool errorsAsJson = false;
};

void addGet(CLI::App& program, CommonOptions& common, Chosen& chosen);
void addBulk(CLI::App& program, CommonOptions& common, Chosen& chosen);
void addDoctor(CLI::App& program, CommonOptions& common, Chosen& chosen);
void addTrack(CLI::App& program, CommonOptions& common, Chosen& chosen);
void addWait(CLI::App& program, CommonOptions& common, Chosen& chosen);
void addReceipt(CLI::App& program, CommonOptions& common, Chosen& chosen);
void addManual(CLI::App& program, Chosen& chosen);

}  // namespace chatapps::cli
