#include "chatapps_program.hpp"

namespace chatapps::support {

ChatappsProgram::ChatappsProgram(const std::string& baseUrl) {
  environment_["CHATAPPS_API_KEY"] = "sandbox-key";
  environment_["CHATAPPS_BASE_URL"] = baseUrl;
  environment_["XDG_RUNTIME_DIR"] = runtimeFolder_.path().string();
}

ChatappsProgram& ChatappsProgram::set(const std::string& variable, const std::string& value) {
  environment_[variable] = value;
  return *this;
}

Command ChatappsProgram::command(const std::vector<std::string>& arguments) const {
  Command command{{CHATAPPS_PROGRAM}, environment_};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  return command;
}

Finished ChatappsProgram::run(const std::vector<std::string>& arguments, std::string_view input) const {
  return support::run(command(arguments), input);
}

std::size_t countOf(std::string_view part, std::string_view text) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace chatapps::support
