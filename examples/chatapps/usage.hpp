/// @file usage.hpp
/// What the program answers to `--help`, `--version` and a command line that it does not understand.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "standard_error.hpp"

namespace chatapps::cli {

/// The words of the command line, last one first, with `--name=` as two words: CLI11 would take the next one for its value.
std::vector<std::string> withEmptyValues(int argc, const char* const* argv);

/// Help and rules that belong to no command.
void setUpUsage(CLI::App& program);

/// Ends a parsing that did not lead to a command; gives the exit code.
int endParsing(const CLI::App& program, const CLI::ParseError& end, int argc, const char* const* argv,
               StandardError& errors);

}  // namespace chatapps::cli
