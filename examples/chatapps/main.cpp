// chatapps: what became of messages, from the command line.
#include <fcntl.h>
#include <unistd.h>

#include <chatapps/errors.hpp>
#include <csignal>
#include <exception>

#include "command.hpp"
#include "error_json.hpp"
#include "error_kind.hpp"
#include "error_text.hpp"
#include "standard_output.hpp"
#include "usage.hpp"

namespace chatapps::cli {
namespace {

void tell(const std::exception& error, const Chosen& chosen, StandardError& errors) {
  errors.write(chosen.errorsAsJson ? errorJsonLine(error) : errorText(error));
}

int run(const Chosen& chosen, Surroundings& around) {
  try {
    return chosen.run(around);
  } catch (const ReaderGone&) {
    return kReaderGone;
  } catch (const CancelledError& error) {
    tell(error, chosen, around.errors);
    return around.interrupt.signal() != 0 ? around.interrupt.exitCode() : kInterrupted;
  } catch (const std::exception& error) {
    tell(error, chosen, around.errors);
    return errorKind(error).exitCode;
  }
}

int run(const Chosen& chosen) {
  try {
    Surroundings around;
    return run(chosen, around);
  } catch (const std::exception& error) {  // no descriptor, or no thread, for what surrounds it
    StandardError errors;
    tell(error, chosen, errors);
    return errorKind(error).exitCode;
  }
}

int parseAndRun(int argc, char** argv) {
  CLI::App program{"What became of messages that were sent with the 8x8 Chat Apps API.", "chatapps"};
  CommonOptions common;
  Chosen chosen;
  setUpUsage(program);
  addCommonOptions(program, common);
  addGet(program, common, chosen);
  addBulk(program, common, chosen);
  addWait(program, common, chosen);
  addTrack(program, common, chosen);
  addReceipt(program, common, chosen);
  addDoctor(program, common, chosen);
  addManual(program, chosen);
  try {
    program.parse(withEmptyValues(argc, argv));
  } catch (const CLI::ParseError& end) {
    StandardError errors;
    return endParsing(program, end, argc, argv, errors);
  }
  return run(chosen);
}

/// Where one of them is closed, the next file that is opened would take its place, and be written to as if it were
/// standard output. What is put there instead fails at the first use.
void occupyStandardDescriptors() {
  while (true) {
    // The first that is missing is the first that opens: standard input, if it is that one, must not read as empty.
    const bool inputIsOpen = fcntl(STDIN_FILENO, F_GETFD) >= 0;
    const int descriptor = open("/dev/null", inputIsOpen ? O_RDONLY : O_WRONLY);
    if (descriptor < 0) return;
    if (descriptor > STDERR_FILENO) {
      close(descriptor);
      return;
    }
  }
}

}  // namespace
}  // namespace chatapps::cli

int main(int argc, char** argv) {
  chatapps::cli::occupyStandardDescriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is told by the write that meets it
  std::signal(SIGXFSZ, SIG_IGN);  // and so is a file that may not grow
  return chatapps::cli::parseAndRun(argc, argv);
}
