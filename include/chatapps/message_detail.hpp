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
  State state;
  std::optional<StatusDetail> detail;
  std::optional<std::int64_t> errorCode;  ///< a delivery code of the channel; its presence alone does not mean failure
  std::optional<std::string> errorMessage;
  std::optional<Timestamp> timestamp;  ///< when the status was observed
};

/// The person the message is associated with. Personal data, masked by 8x8 unless the mask was lifted for the account.
struct User {
  std::optional<std::string> msisdn;         ///< E.164 phone number, such as `+63922110xxxx`
  std::optional<std::string> channelUserId;  ///< the channel's own user identifier
};

/// One channel attempt. Field names are the wire's names. A plain value: copyable, not synchronised.
struct MessageDetail {
  std::string umid;          ///< unique message id, as the answer spells it
  std::string subAccountId;  ///< as the answer says it
  Channel channel;
  std::string channelId;  ///< which of several channels of one type in a subaccount
  Direction direction;
  std::optional<std::string> country;  ///< two-letter ISO 3166 code
  Status status;
  std::optional<User> user;
  ContentType contentType;
  std::optional<std::string> content;  ///< personal data, masked unless the mask was lifted
  Timestamp createdAt;                 ///< when the message was submitted
  std::optional<std::string> clientMessageId, clientBatchId, batchId;
  int step = 0;  ///< which attempt this was, from 1
};

/// All attempts of one message in order of `step`, whatever order the wire had.
using MessageDetails = std::vector<MessageDetail>;

}  // namespace chatapps
