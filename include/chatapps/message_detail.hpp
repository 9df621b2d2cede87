/// @file message_detail.hpp
/// What the API tells of a message: one record for each channel that was tried.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chatapps/timestamp.hpp"
#include "chatapps/vocabulary.hpp"

namespace chatapps {

/// Delivery status of one channel attempt. Absent on the wire is nullopt; an absent `state` has an empty text.
struct Status {
  State state;                            ///< empty text where the wire had none
  std::optional<StatusDetail> detail;     ///< what the state means more exactly
  std::optional<std::int64_t> errorCode;  ///< a delivery code of the channel; its presence alone does not mean failure
  std::optional<std::string> errorMessage;  ///< the operator's or 8x8's words, raw
  std::optional<Timestamp> timestamp;       ///< when the status was observed
};

/// The person the message is associated with. Personal data, masked by 8x8 unless the mask was lifted for the account.
struct User {
  std::optional<std::string> msisdn;         ///< E.164 phone number, such as `+63922110xxxx`
  std::optional<std::string> channelUserId;  ///< the channel's own user identifier
};

/// One channel attempt. Field names are the wire's names. A plain value: copyable, not synchronised.
struct MessageDetail {
  std::string umid;                            ///< unique message id, as the answer spells it
  std::string subAccountId;                    ///< as the answer says it
  Channel channel;                             ///< of this attempt
  std::string channelId;                       ///< which of several channels of one type in a subaccount
  Direction direction;                         ///< seen from the account
  std::optional<std::string> country;          ///< two-letter ISO 3166 code
  Status status;                               ///< the last that is known of this attempt
  std::optional<User> user;                    ///< to whom it went
  ContentType contentType;                     ///< what kind of message it is
  std::optional<std::string> content;          ///< personal data, masked unless the mask was lifted
  Timestamp createdAt;                         ///< when the message was submitted
  std::optional<std::string> clientMessageId;  ///< as given when it was sent
  std::optional<std::string> clientBatchId;    ///< the same
  std::optional<std::string> batchId;          ///< given by 8x8 to a batch
  int step = 0;                                ///< which attempt this was, from 1
};

/// All attempts of one message in order of `step`, whatever order the wire had.
using MessageDetails = std::vector<MessageDetail>;

}  // namespace chatapps
