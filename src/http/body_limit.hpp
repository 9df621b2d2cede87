// What the body of an answer may weigh.
#pragma once

#include <cstddef>

#include "http/transfer.hpp"

namespace chatapps::http {

/// The body of the answer, which had this status, is larger than `most` bytes.
TransportFailure tooLarge(std::size_t most, int status);

/// For an answer that came whole, from a transport of the user's own: libcurl's are limited as they come. The body of an
/// error is cut, a 2xx becomes a failure.
void limitBody(TransferResult& result, std::size_t most);

}  // namespace chatapps::http
