#include "chatapps/options.hpp"

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "chatapps/errors.hpp"
#include "chatapps/open_enum.hpp"

namespace chatapps {
namespace {

constexpr std::array<std::pair<std::string_view, Region>, 4> kRegions = {{{"asia-pacific", Region::AsiaPacific},
                                                                          {"north-america", Region::NorthAmerica},
                                                                          {"europe", Region::Europe},
                                                                          {"indonesia", Region::Indonesia}}};

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read once, while the client is set up
  return value ? value : "";
}

Region regionNamed(std::string_view name) {
  for (const auto& [known, region] : kRegions) {
    if (equalIgnoringCase(name, known)) return region;
  }
  throw InvalidArgumentError("CHATAPPS_REGION", "must be asia-pacific, north-america, europe or indonesia");
}

}  // namespace

Pacing Pacing::process() { return {}; }

Pacing Pacing::host(const std::string& file) {
  Pacing pacing;
  pacing.scope = Scope::Host;
  pacing.hostFile = file;
  return pacing;
}

Pacing Pacing::shared(std::shared_ptr<Pacer> pacer) {
  Pacing pacing;
  pacing.scope = Scope::Shared;
  pacing.pacer = std::move(pacer);
  return pacing;
}

Pacing Pacing::off() {
  Pacing pacing;
  pacing.scope = Scope::Off;
  return pacing;
}

ClientOptions ClientOptions::fromEnvironment() {
  ClientOptions options;
  options.apiKey = variable("CHATAPPS_API_KEY");
  options.baseUrl = variable("CHATAPPS_BASE_URL");
  if (const std::string_view region = variable("CHATAPPS_REGION"); !region.empty())
    options.region = regionNamed(region);
  return options;
}

}  // namespace chatapps
