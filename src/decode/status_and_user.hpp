// The parts that records and delivery receipts have in common.
#pragma once

#include "chatapps/message_detail.hpp"
#include "decode/shape.hpp"

namespace chatapps::decode {

inline constexpr Field kStatusFields[] = {
    text<&Status::state>("state"),
    text<&Status::detail>("detail"),
    integer<&Status::errorCode>("errorCode"),
    text<&Status::errorMessage>("errorMessage"),
    text<&Status::timestamp>("timestamp"),
};
inline constexpr Shape kStatus(kStatusFields);

inline constexpr Field kUserFields[] = {
    text<&User::msisdn>("msisdn"),
    text<&User::channelUserId>("channelUserId"),
};
inline constexpr Shape kUser(kUserFields);

}  // namespace chatapps::decode
