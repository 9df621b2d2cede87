#include "redis/failure.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace chatapps::redis {
namespace {

template <std::size_t size>
bool isOneOf(const std::string& code, const std::array<std::string_view, size>& codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

Failure failureOf(const std::string& errorCode) {
  constexpr std::array<std::string_view, 4> kOfLane{"WRONGTYPE", "MOVED", "ASK", "CROSSSLOT"};
  constexpr std::array<std::string_view, 4> kLoud{"WRONGTYPE", "NOAUTH", "WRONGPASS", "NOPERM"};
  const auto kind = isOneOf(errorCode, kOfLane) ? Failure::Kind::LaneOnly : Failure::Kind::Refused;
  return {kind, isOneOf(errorCode, kLoud), "Redis answers with the error " + errorCode};
}

}  // namespace chatapps::redis
