#include "terminal.hpp"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace chatapps::cli {

bool isTerminal(int descriptor) { return isatty(descriptor) == 1; }

bool isPipe(int descriptor) {
  struct stat facts {};
  return fstat(descriptor, &facts) == 0 && (S_ISFIFO(facts.st_mode) || S_ISSOCK(facts.st_mode));
}

bool isLiveTerminal(int descriptor) {
  const char* kind = std::getenv("TERM");
  const bool dumb = kind == nullptr || std::string_view(kind) == "dumb";
  return isTerminal(descriptor) && !dumb;
}

bool wantsColour(int descriptor) {
  const char* noColour = std::getenv("NO_COLOR");
  const bool refused = noColour != nullptr && *noColour != '\0';
  return isLiveTerminal(descriptor) && !refused;
}

int terminalColumns(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

int terminalLines(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return 24;
  return size.ws_row;
}

}  // namespace chatapps::cli
