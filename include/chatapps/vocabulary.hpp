/// @file vocabulary.hpp
/// The words of the API: states, details, channels, directions and content types.
/// Source: 8x8's "Retrieve message details" page; what comes from its other pages is said where it stands.
#pragma once

#include "chatapps/export.hpp"
#include "chatapps/open_enum.hpp"

namespace chatapps {

/// General status of one channel attempt.
class State : public OpenEnum<State> {
 public:
  using OpenEnum::OpenEnum;
  static constexpr Known Unknown{"unknown"};          ///< exceptional or intermediate
  static constexpr Known Queued{"queued"};            ///< accepted, waits to be processed
  static constexpr Known Failed{"failed"};            ///< rejected by the API, will not be processed
  static constexpr Known Sent{"sent"};                ///< with the operator, no acknowledgment yet
  static constexpr Known Delivered{"delivered"};      ///< the operator confirmed delivery
  static constexpr Known Undelivered{"undelivered"};  ///< the operator reported that it was not delivered
  static constexpr Known Read{"read"};                ///< delivered and read
  static constexpr Known Ok{"ok"};                    ///< operation was successful
  static constexpr Known Error{"error"};              ///< an error occurred during the operation
  static constexpr Known Rejected{"rejected"};        ///< from 8x8's status reference

  /// Whether it is one of the documented values above.
  CHATAPPS_EXPORT bool isKnown() const noexcept;
};

/// What the operator or the recipient did. The published example's own value, `delivered_to_carrier`, is not in the list.
class StatusDetail : public OpenEnum<StatusDetail> {
 public:
  using OpenEnum::OpenEnum;
  static constexpr Known DeliveredToOperator{"delivered_to_operator"};
  static constexpr Known DeliveredToRecipient{"delivered_to_recipient"};
  static constexpr Known RejectedByOperator{"rejected_by_operator"};
  static constexpr Known UndeliveredToRecipient{"undelivered_to_recipient"};

  /// Whether it is one of the documented values above.
  CHATAPPS_EXPORT bool isKnown() const noexcept;
};

/// The channel over which one attempt went.
class Channel : public OpenEnum<Channel> {
 public:
  using OpenEnum::OpenEnum;
  static constexpr Known SMS{"SMS"};
  static constexpr Known WhatsApp{"WhatsApp"};
  static constexpr Known RCS{"RCS"};
  static constexpr Known Viber{"Viber"};
  static constexpr Known Line{"Line"};
  static constexpr Known Facebook{"Facebook"};
  static constexpr Known WeChat{"WeChat"};
  static constexpr Known Zalo{"Zalo"};
  static constexpr Known Kakao{"Kakao"};
  static constexpr Known ZaloNotification{"ZaloNotification"};  ///< from 8x8's delivery receipts
  static constexpr Known LineNotification{"LineNotification"};  ///< from 8x8's delivery receipts

  /// Whether it is one of the documented values above.
  CHATAPPS_EXPORT bool isKnown() const noexcept;
};

/// Which way the message went.
class Direction : public OpenEnum<Direction> {
 public:
  using OpenEnum::OpenEnum;
  static constexpr Known Outbound{"outbound"};  ///< mobile terminated
  static constexpr Known Inbound{"inbound"};    ///< mobile originated

  /// Whether it is one of the documented values above.
  CHATAPPS_EXPORT bool isKnown() const noexcept;
};

/// What kind of content the message carried.
class ContentType : public OpenEnum<ContentType> {
 public:
  using OpenEnum::OpenEnum;
  static constexpr Known Text{"Text"};
  static constexpr Known Audio{"Audio"};
  static constexpr Known Video{"Video"};
  static constexpr Known Image{"Image"};
  static constexpr Known Location{"Location"};
  static constexpr Known File{"File"};
  static constexpr Known Carousel{"Carousel"};
  static constexpr Known List{"List"};
  static constexpr Known Buttons{"Buttons"};
  static constexpr Known Template{"Template"};

  /// Whether it is one of the documented values above.
  CHATAPPS_EXPORT bool isKnown() const noexcept;
};

}  // namespace chatapps
