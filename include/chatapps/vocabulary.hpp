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
  /// The network took it; the phone is not known to have.
  static constexpr Known DeliveredToOperator{"delivered_to_operator"};
  static constexpr Known DeliveredToRecipient{"delivered_to_recipient"};      ///< it is on the phone
  static constexpr Known RejectedByOperator{"rejected_by_operator"};          ///< the network refused it
  static constexpr Known UndeliveredToRecipient{"undelivered_to_recipient"};  ///< the phone never got it

  /// Whether it is one of the documented values above.
  CHATAPPS_EXPORT bool isKnown() const noexcept;
};

/// The channel over which one attempt went.
class Channel : public OpenEnum<Channel> {
 public:
  using OpenEnum::OpenEnum;
  static constexpr Known SMS{"SMS"};                            ///< text message
  static constexpr Known WhatsApp{"WhatsApp"};                  ///< `WhatsApp` on the wire
  static constexpr Known RCS{"RCS"};                            ///< Rich Communication Services
  static constexpr Known Viber{"Viber"};                        ///< `Viber` on the wire
  static constexpr Known Line{"Line"};                          ///< LINE
  static constexpr Known Facebook{"Facebook"};                  ///< Messenger
  static constexpr Known WeChat{"WeChat"};                      ///< `WeChat` on the wire
  static constexpr Known Zalo{"Zalo"};                          ///< `Zalo` on the wire
  static constexpr Known Kakao{"Kakao"};                        ///< KakaoTalk
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
  static constexpr Known Text{"Text"};          ///< `Text` on the wire
  static constexpr Known Audio{"Audio"};        ///< `Audio` on the wire
  static constexpr Known Video{"Video"};        ///< `Video` on the wire
  static constexpr Known Image{"Image"};        ///< `Image` on the wire
  static constexpr Known Location{"Location"};  ///< `Location` on the wire
  static constexpr Known File{"File"};          ///< `File` on the wire
  static constexpr Known Carousel{"Carousel"};  ///< `Carousel` on the wire
  static constexpr Known List{"List"};          ///< `List` on the wire
  static constexpr Known Buttons{"Buttons"};    ///< `Buttons` on the wire
  static constexpr Known Template{"Template"};  ///< `Template` on the wire

  /// Whether it is one of the documented values above.
  CHATAPPS_EXPORT bool isKnown() const noexcept;
};

}  // namespace chatapps
