#include "delivery/stage.hpp"

#include <utility>

namespace chatapps::delivery {
namespace {

constexpr std::pair<State::Known, Stage> kStates[] = {
    {State::Queued, Stage::Queued},       {State::Sent, Stage::Sent},    {State::Ok, Stage::Sent},
    {State::Delivered, Stage::Delivered}, {State::Read, Stage::Read},    {State::Undelivered, Stage::Failed},
    {State::Failed, Stage::Failed},       {State::Error, Stage::Failed}, {State::Rejected, Stage::Failed},
};

constexpr std::pair<StatusDetail::Known, Stage> kDetails[] = {
    {StatusDetail::DeliveredToOperator, Stage::Sent},
    {StatusDetail::DeliveredToRecipient, Stage::Delivered},
    {StatusDetail::RejectedByOperator, Stage::Failed},
    {StatusDetail::UndeliveredToRecipient, Stage::Failed},
};

template <class Word, class Table>
Stage find(const Word& word, const Table& table) noexcept {
  for (const auto& [known, stage] : table) {
    if (word == known) return stage;
  }
  return Stage::Unknown;
}

}  // namespace

Stage stageOf(const Status& status) noexcept {
  const Stage byState = find(status.state, kStates);
  if (byState != Stage::Unknown || !status.detail) return byState;
  return find(*status.detail, kDetails);
}

}  // namespace chatapps::delivery
