/// @file delivery.hpp
/// How far a request came.
#pragma once

namespace chatapps {

/// What is certain of the last attempt of a call that failed.
enum class Delivery {
  NotSent,    ///< the request did not leave: no quota was used
  MaybeSent,  ///< it may have left, and no usable answer came
  Answered,   ///< the server answered
};

}  // namespace chatapps
