// Delivery codes of every channel but SMS.
// Source: 8x8, "Messaging Apps delivery receipt error codes", general codes.
#pragma once

#include "delivery/code_table.hpp"

namespace chatapps::delivery {

inline constexpr CodeEntry kGeneralEntries[] = {
    {0, CodeClass::NoFailure, "no error"},
    {1, CodeClass::Permanent, "the person is not registered on the channel"},
    {2, CodeClass::Content, "the channel does not take this type of content"},
    {3, CodeClass::Content, "a required part of the message is missing"},
    {9, CodeClass::Permanent, "the person's app is too old for business messages"},
    {11, CodeClass::Transient, "too many messages to this person in a short time"},
    {14, CodeClass::Transient, "internal error"},
    {15, CodeClass::Permanent, "the address is not valid on this channel, or is on the account's blacklist"},
    {18, CodeClass::Content, "a part of the message is missing or not valid"},
    {23, CodeClass::Transient, "no connection to the channel"},
    {25, CodeClass::Permanent, "the channel chose not to deliver it"},
    {29, CodeClass::Content, "a value in the message is not valid"},
    {36, CodeClass::Transient, "expired before it could be delivered"},
    {41, CodeClass::Permanent, "the channel rejected it"},
    {42, CodeClass::Configuration, "not enough credit", "Top up the account's wallet, then send again."},
    {43, CodeClass::Content, "filtered as spam", "Send less often, or other content."},
    {46, CodeClass::Transient, "the person can not be reached at present"},
    {57, CodeClass::Unknown, "an error of which the channel tells no more",
     "Try once more; if it stays, ask 8x8's support."},
    {61, CodeClass::Content, "the session with the person has expired",
     "Send a template, or wait until the person writes."},
};
inline constexpr CodeTable kGeneralCodes(kGeneralEntries);
static_assert(kGeneralCodes.isInOrder());

}  // namespace chatapps::delivery
