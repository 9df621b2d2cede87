// Delivery codes of WhatsApp alone.
// Source: 8x8, "Messaging Apps delivery receipt error codes", WhatsApp.
#pragma once

#include "delivery/code_table.hpp"

namespace chatapps::delivery {

inline constexpr const char* kSendTemplate = "Send an approved template, or wait until the person writes.";

inline constexpr CodeEntry kWhatsAppEntries[] = {
    {1000, CodeClass::Configuration, "WhatsApp did not accept the credentials"},
    {1001, CodeClass::Configuration, "the business is not allowed to do this"},
    {1002, CodeClass::Transient, "rate limit of the app"},
    {1003, CodeClass::Configuration, "a permission is missing"},
    {1004, CodeClass::Configuration, "the business phone number does not exist any more"},
    {1005, CodeClass::Content, "a parameter is not supported"},
    {1006, CodeClass::Configuration, "the access token has expired",
     "Ask 8x8's support to renew the connection to WhatsApp."},
    {1007, CodeClass::Configuration, "blocked for a violation of policy",
     "See WhatsApp Manager for the violation; send nothing more."},
    {1008, CodeClass::Transient, "rate limit of the business account"},
    {1009, CodeClass::Transient, "throughput exceeded"},
    {1010, CodeClass::Permanent, "the number takes part in an experiment of WhatsApp"},
    {1011, CodeClass::Configuration, "the business may not send to this country"},
    {1012, CodeClass::Transient, "an error of which WhatsApp tells no more"},
    {1013, CodeClass::Configuration, "access denied"},
    {1014, CodeClass::Content, "a required parameter is missing"},
    {1015, CodeClass::Content, "a parameter's value is not valid"},
    {1016, CodeClass::Transient, "WhatsApp's service is down"},
    {1017, CodeClass::Content, "sender and recipient are the same"},
    {1018, CodeClass::Permanent, "WhatsApp can not deliver to this person"},
    {1019, CodeClass::Configuration, "the account is locked"},
    {1020, CodeClass::Configuration, "the display name is not approved"},
    {1021, CodeClass::Configuration, "the certificate is not right"},
    {1022, CodeClass::Content, "outside the 24 hours after the person last wrote", kSendTemplate},
    {1023, CodeClass::Transient, "too many messages were reported as spam",
     "Send less until the quality rating recovers."},
    {1024, CodeClass::Permanent, "Meta chose not to deliver it", "Do not send it again at once: wait at least a day."},
    {1025, CodeClass::Content, "the type of message is not supported"},
    {1026, CodeClass::Content, "the media could not be downloaded",
     "Check that the media's address answers, and its type and size."},
    {1027, CodeClass::Content, "the media could not be uploaded"},
    {1028, CodeClass::Transient, "too many messages to this person in a short time"},
    {1029, CodeClass::Transient, "the account is under maintenance"},
    {1030, CodeClass::Content, "wrong number of template parameters"},
    {1031, CodeClass::Configuration, "there is no such template", "Check the template's name, language and approval."},
    {1032, CodeClass::Content, "the text is too long with its parameters filled in"},
    {1033, CodeClass::Content, "the template violates a policy"},
    {1034, CodeClass::Content, "a template parameter has the wrong format"},
    {1035, CodeClass::Configuration, "the template is paused", "Use another template, or improve this one's quality."},
    {1036, CodeClass::Configuration, "the template is disabled", "Use another template."},
    {1037, CodeClass::Configuration, "the flow is blocked"},
    {1038, CodeClass::Transient, "the flow is throttled"},
    {1039, CodeClass::Configuration, "a deregistration did not complete"},
    {1040, CodeClass::Transient, "WhatsApp's server is unavailable"},
    {1041, CodeClass::Configuration, "the two-step PIN is wrong"},
    {1042, CodeClass::Configuration, "the business phone number has to be verified again"},
    {1043, CodeClass::Configuration, "too many wrong two-step PINs"},
    {1044, CodeClass::Transient, "two-step PINs entered too fast"},
    {1045, CodeClass::Configuration, "the business phone number is not registered"},
    {1046, CodeClass::Transient, "the number can not be registered yet"},
    {1047, CodeClass::Transient, "too many registrations of the account"},
    {1048, CodeClass::Unknown, "an error in the request of which WhatsApp tells no more"},
    {1049, CodeClass::Transient, "too many synchronisations"},
    {1050, CodeClass::Configuration, "the time for synchronisation is over"},
    {1051, CodeClass::OptedOut, "the person opted out of marketing messages"},
    {1054, CodeClass::Content, "this message can not go to a business-scoped user id",
     "Send it to the person's phone number."},
};
inline constexpr CodeTable kWhatsAppCodes(kWhatsAppEntries);
static_assert(kWhatsAppCodes.isInOrder());

}  // namespace chatapps::delivery
