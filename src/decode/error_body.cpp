#include "decode/error_body.hpp"

#include "decode/json_reader.hpp"

namespace chatapps::decode {
namespace {

constexpr Field kErrorFields[] = {
    integer<&ErrorBody::code>("code"),
    text<&ErrorBody::message>("message"),
    text<&ErrorBody::errorId>("errorId"),
    text<&ErrorBody::timestamp>("timestamp"),
};
constexpr Shape kError(kErrorFields);

}  // namespace

ErrorBody errorBody(std::string_view json) {
  ErrorBody body;
  static_cast<void>(readJson(json, kError, &body));  // what stood before a problem is of use
  return body;
}

}  // namespace chatapps::decode
