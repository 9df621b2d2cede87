/// @file terminal.hpp
/// What is known of the terminal, if there is one.
#pragma once

namespace chatapps::cli {

bool isTerminal(int descriptor);
bool isPipe(int descriptor);

/// Colour goes to a terminal only, and not with NO_COLOR or a dumb one.
bool wantsColour(int descriptor);

/// The width in columns; 80 where there is no terminal.
int terminalColumns(int descriptor);

/// The height in lines; 24 where there is no terminal.
int terminalLines(int descriptor);

/// Whether what was written there can be drawn over.
bool isLiveTerminal(int descriptor);

}  // namespace chatapps::cli
