/// @file chatapps_program.hpp
/// The `chatapps` program, called as from a shell.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "process.hpp"
#include "sandbox_server.hpp"
#include "temporary_folder.hpp"

namespace chatapps::support {

/// Calls the program against one server, with the sandbox's key. Its host pacing stays in a folder of its own.
class ChatappsProgram {
 public:
  explicit ChatappsProgram(const SandboxServer& server) : ChatappsProgram(server.baseUrl()) {}
  explicit ChatappsProgram(const std::string& baseUrl);

  /// Changes its environment; an empty value counts as none.
  ChatappsProgram& set(const std::string& variable, const std::string& value);

  Command command(const std::vector<std::string>& arguments) const;
  Finished run(const std::vector<std::string>& arguments, std::string_view input = {}) const;

 private:
  TemporaryFolder runtimeFolder_;
  std::map<std::string, std::string> environment_;
};

/// How often `part` stands in `text`.
std::size_t countOf(std::string_view part, std::string_view text);

}  // namespace chatapps::support
