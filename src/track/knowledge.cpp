#include "track/knowledge.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#include "delivery/attempts.hpp"
#include "delivery/channel.hpp"

namespace chatapps::track {
namespace {

using delivery::sameChannel;

bool isSame(const Status& a, const Status& b) noexcept {
  return a.state == b.state && a.detail == b.detail && a.errorCode == b.errorCode && a.timestamp == b.timestamp;
}

MessageDetail withoutPersonalData(const MessageDetail& seen) {
  MessageDetail detail;
  detail.step = seen.step;
  detail.channel = seen.channel;
  detail.direction = seen.direction;
  detail.status = seen.status;
  detail.createdAt = seen.createdAt;
  return detail;
}

std::size_t countOf(const MessageDetails& details, const Channel& channel) noexcept {
  return static_cast<std::size_t>(std::count_if(details.begin(), details.end(), [&](const MessageDetail& detail) {
    return sameChannel(detail.channel, channel);
  }));
}

/// Whether any record of that channel is as new: a receipt may have meant that one.
bool tells(const MessageDetails& seen, const MessageDetail& known) noexcept {
  return std::any_of(seen.begin(), seen.end(), [&](const MessageDetail& record) {
    return sameChannel(record.channel, known.channel) && delivery::isNewer(record.status, known.status);
  });
}

/// The step after it. Of the last that a number can hold, those behind it keep their place all the same.
int after(int step) noexcept { return step == (std::numeric_limits<int>::max)() ? step : step + 1; }

int stepOf(const Channel& channel, const MessageDetails& known, const FallbackPlan& plan) noexcept {
  const auto isKnown = [&](int step) {
    return std::any_of(known.begin(), known.end(), [step](const MessageDetail& detail) { return detail.step == step; });
  };
  int step = 0;
  for (const FallbackStep& planned : plan.steps) {
    ++step;
    if (sameChannel(planned.channel, channel) && !isKnown(step)) return step;
  }
  step = 0;
  for (const MessageDetail& detail : known) step = (std::max)(step, detail.step);
  return after(step);
}

}  // namespace

void learn(MessageDetails& known, const MessageDetails& seen) {
  MessageDetails now;
  now.reserve(seen.size() + known.size());  // all of it: from the first that is moved on, nothing may fail
  for (const MessageDetail& record : seen) {
    MessageDetail& detail = now.emplace_back(withoutPersonalData(record));
    // The step of an attempt that only a receipt told of was a guess.
    const bool isOnly = countOf(seen, record.channel) == 1;
    for (const MessageDetail& before : known) {
      if (!sameChannel(before.channel, record.channel)) continue;
      if (!isOnly && (before.step != record.step || tells(seen, before))) continue;
      if (!delivery::isNewer(detail.status, before.status)) detail.status = before.status;
    }
  }
  for (MessageDetail& before : known) {
    if (countOf(seen, before.channel) > 0) continue;
    // It began after the look, so behind all that was seen.
    for (const MessageDetail& record : seen) before.step = (std::max)(before.step, after(record.step));
    now.push_back(std::move(before));
  }
  known = std::move(now);
}

bool saysNothing(const DeliveryReceipt& receipt) noexcept {
  return receipt.status.state.text().empty() || receipt.channel.text().empty();
}

bool learn(MessageDetails& known, const DeliveryReceipt& receipt, const FallbackPlan& plan) {
  if (saysNothing(receipt)) return false;
  MessageDetail* attempt = nullptr;
  for (MessageDetail& detail : known) {
    if (sameChannel(detail.channel, receipt.channel) && (!attempt || detail.step > attempt->step)) attempt = &detail;
  }
  if (attempt && (!delivery::isNewer(receipt.status, attempt->status) || isSame(receipt.status, attempt->status)))
    return false;
  // All of it is copied before anything changes.
  MessageDetail heard;
  heard.channel = receipt.channel;
  heard.status = receipt.status;
  if (attempt) {
    attempt->status = std::move(heard.status);
  } else {
    heard.step = stepOf(receipt.channel, known, plan);
    known.push_back(std::move(heard));
  }
  return true;
}

}  // namespace chatapps::track
