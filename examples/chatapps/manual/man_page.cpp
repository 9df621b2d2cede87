#include "manual/man_page.hpp"

#include <chatapps/version.hpp>

namespace chatapps::cli {
namespace {

/// Text that roff takes as it stands: a hyphen is one that can be copied, and no line begins a request.
std::string roff(const std::string& text) {
  std::string result;
  bool beginning = true;
  for (const char c : text) {
    if (beginning && (c == '.' || c == '\'')) result += "\\&";
    beginning = c == '\n';
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else if (c == '\'') {
      result += "\\(aq";
    } else {
      result += c;
    }
  }
  return result;
}

std::string bold(const std::string& text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + roff(text) + "\\fR"; }

std::string entry(const OutlineOption& option) {
  const std::string value = option.value.empty() ? "" : " " + italic(option.value);
  return ".TP\n" + bold(option.name) + value + "\n" + roff(option.description) + "\n";
}

std::string call(const OutlineCommand& command) {
  std::string text = bold("chatapps " + command.name);
  for (const auto& argument : command.arguments) text += " " + italic(argument);
  return text + " [" + italic("options") + "]";
}

std::string section(const OutlineCommand& command) {
  std::string text = ".SS " + bold(command.name) + "\n" + roff(command.description) + ".\n";
  for (const auto& option : command.options) {
    if (!option.common) text += entry(option);
  }
  return text;
}

constexpr const char* kEnd = R"(.SH ENVIRONMENT
.TP
.B CHATAPPS_API_KEY
The API key, where \fB\-\-api\-key\-file\fR is not given.
.TP
.BR CHATAPPS_REGION ", " CHATAPPS_BASE_URL
As \fB\-\-region\fR and \fB\-\-base\-url\fR, which win.
.TP
.BR HTTPS_PROXY ", " ALL_PROXY ", " NO_PROXY
As for curl(1), where \fB\-\-proxy\fR is not given; never for loopback.
.TP
.B NO_COLOR
No colour on the terminal.
.SH EXIT STATUS
.nf
0    done
1    standard output could not be written
2    usage, or an option that can not be right
3    bad request
4    key refused
5    no such message
6    rate limit
7    server error
8    network
9    out of time
10   unreadable answer
11   wait, track: ended otherwise than wished
12   bulk: some items failed
13   TLS
130  interrupted
.fi
.SH EXAMPLES
.nf
chatapps get sandbox a0000000\-0000\-4000\-8000\-000000000003 \-\-format json
chatapps wait sandbox a0000000\-0000\-4000\-8000\-000000000003 \-\-until delivered \-\-timeout 5m
chatapps bulk messages.csv > details.ndjson
chatapps track messages.csv \-\-until delivered \-\-checkpoint messages.track
chatapps doctor \-\-online
.fi
.SH SEE ALSO
.BR curl (1)
)";

}  // namespace

std::string manPage(const Outline& outline) {
  std::string text = ".TH CHATAPPS 1 \"\" \"chatapps " CHATAPPS_VERSION "\" \"User Commands\"\n";
  text += ".SH NAME\nchatapps \\- what became of messages sent with the 8x8 Chat Apps API\n.SH SYNOPSIS\n.nf\n";
  for (const auto& command : outline.commands) text += call(command) + "\n";
  text += ".fi\n.SH DESCRIPTION\n" + roff(outline.description) +
          "\nResults go to standard output, everything else to standard error.\n";
  text +=
      "Durations need a unit: 500ms, 30s, 1.5m, 1h.\nAn id that begins with \\(aq\\-\\(aq comes after \\-\\-.\n.SH "
      "COMMANDS\n";
  for (const auto& command : outline.commands) text += section(command);
  text += ".SH OPTIONS\nEvery command takes these, after its name or before it.\n";
  for (const auto& option : outline.options) text += entry(option);
  return text + kEnd;
}

}  // namespace chatapps::cli
