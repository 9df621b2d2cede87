// Delivery codes of Viber alone.
// Source: 8x8, "Messaging Apps delivery receipt error codes", Viber.
#pragma once

#include "delivery/code_table.hpp"

namespace chatapps::delivery {

inline constexpr CodeEntry kViberEntries[] = {
    {2000, CodeClass::NoFailure, "sent"},
    {2001, CodeClass::Transient, "internal error"},
    {2002, CodeClass::Configuration, "the service id is not in use"},
    {2003, CodeClass::Content, "malformed request"},
    {2004, CodeClass::Content, "the type of message is not supported"},
    {2005, CodeClass::Content, "a required part of the message is missing"},
    {2006, CodeClass::Transient, "Viber timed out"},
    {2007, CodeClass::OptedOut, "the person blocked this sender or all business messages"},
    {2008, CodeClass::Permanent, "not a Viber user"},
    {2009, CodeClass::Permanent, "no device that can take business messages"},
    {2010, CodeClass::Configuration, "the sending address or service id is not allowed"},
    {2012, CodeClass::Content, "the label is missing or not valid"},
    {2013, CodeClass::Content, "the time to live is out of range"},
    {2014, CodeClass::Content, "the session's limit of messages is reached",
     "Wait until the person writes, or send a template."},
    {2015, CodeClass::Content, "the file type is not supported"},
    {2016, CodeClass::Content, "the file name is too long"},
    {2017, CodeClass::Content, "the thumbnail's address is too long"},
    {2018, CodeClass::Content, "the file is too large"},
    {2019, CodeClass::Content, "the video is too long"},
    {2020, CodeClass::Configuration, "there is no such template", "Check the template's id and its approval."},
    {2021, CodeClass::Content, "the template's variables are not valid"},
    {2022, CodeClass::Permanent, "the person's Viber is too old for this message"},
    {2023, CodeClass::Permanent, "the number is not valid or does not exist"},
    {2024, CodeClass::Content, "a part of the list message is not valid"},
    {2025, CodeClass::Content, "a part of the carousel is not valid"},
};
inline constexpr CodeTable kViberCodes(kViberEntries);
static_assert(kViberCodes.isInOrder());

}  // namespace chatapps::delivery
