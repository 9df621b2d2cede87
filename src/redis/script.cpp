#include "redis/script.hpp"

#include <hiredis/hiredis.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "url_text.hpp"

namespace chatapps::redis {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

// A lane is one string, "1 NEXT GATE HOLDER LATE", all times microseconds on Redis's clock:
//   NEXT    when the next slot that can be reserved falls due: GCRA's theoretical arrival time
//   GATE    when the next request may leave
//   HOLDER  whose request left last while its answer, which may move the gate, is awaited; else 0
//   LATE    how long after it fell due the last slot was used
// A slot is reserved first, which puts the processes in an order. It passes the gate shortly before it falls due, which
// keeps one request from leaving too close behind another that was late. Nobody reserves beyond the limit: those who
// come then have no place in the order and are left to the gate. What lies beyond the horizon is corrupt.
// An error of GET is given back as it is: one that ends the script has lost its code in a Redis before 7.0.
constexpr const char* kScript = R"lua(
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local what, interval, grant, x, y = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local limit = math.max(60000000, 64 * interval)
local horizon = limit + 2 * interval
local patience = math.max(math.floor(interval / 4), 100000)
local nextSlot, gate, holder, late = 0, 0, '0', 0
local kept = redis.pcall('GET', KEYS[1])
if type(kept) == 'table' then return kept end
local n, g, h, l = string.match(kept or '', '^1 (%d+) (%d+) (%w+) (%d+)$')
if n then
  nextSlot, gate, holder, late = tonumber(n), tonumber(g), h, tonumber(l)
  if nextSlot > now + horizon then nextSlot = 0 end
  if gate > now + horizon then gate, holder = 0, '0' end
end
local function keep()
  local last = math.max(nextSlot, gate, now) - now + patience
  redis.call('SET', KEYS[1], string.format('1 %.0f %.0f %s %.0f', nextSlot, gate, holder, late),
             'PX', math.floor(last / 1000) + 1000)
end
local function leave(at, due)
  holder, gate, late = grant, at + interval, math.min(math.max(at - due, 0), interval)
  keep()
  return {1, at - now, due}
end
local free = holder == '0' or gate + patience <= now
if what == 'reserve' then
  local due = math.max(nextSlot, gate, now)
  if due <= now + limit then
    nextSlot = due + interval + math.min(math.floor(late / 8), math.floor(interval / 16))
  end
  if due == now and free then return leave(now, due) end
  keep()
  return {0, due - now, due}
end
if what == 'pass' then
  if not free and gate <= now then
    return {0, math.min(gate + patience - now, math.max(math.floor(interval / 16), 1000)), x}
  end
  if not free or gate - now > y then return {0, gate - now, x} end
  return leave(math.max(gate, now), x)
end
if what == 'note' then
  if holder == grant then
    gate = now + math.min(x, limit)
    if y == 0 then holder = '0' end
  else
    gate = math.max(gate, now + math.min(x, limit))
  end
end
if what == 'hold' then gate, holder = math.max(gate, now + math.min(x, limit)), '0' end
keep()
return {1, 0, 0}
)lua";

std::string sha1Of(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha1(), nullptr) != 1) return {};
  constexpr const char* kDigits = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) {
    hex += kDigits[digest[i] >> 4U];
    hex += kDigits[digest[i] & 15U];
  }
  return hex;
}

std::string micros(Duration duration) {
  return std::to_string(
      std::chrono::ceil<microseconds>(std::clamp<Duration>(duration, Duration::zero(), hours(24 * 365))).count());
}

const char* nameOf(Question::What what) {
  switch (what) {
    case Question::What::Reserve: return "reserve";
    case Question::What::Pass: return "pass";
    case Question::What::Note: return "note";
    case Question::What::Hold: return "hold";
  }
  return "";
}

}  // namespace

std::string keyOf(const std::string& prefix, const LaneName& lane) {
  std::string key = prefix + ":1:{";
  appendPercentEncoded(key, lane.origin);
  key += '/';
  appendPercentEncoded(key, lane.subAccountId);
  return key + '}';
}

std::vector<std::string> commandFor(const Question& question, bool whole) {
  // Never destroyed: the thread that talks to Redis may outlive what is destroyed at exit.
  static const std::string& sha1 = *new std::string(sha1Of(kScript));
  const bool isPass = question.what == Question::What::Pass;
  const std::string second = isPass ? micros(question.time) : question.awaited ? "1" : "0";
  // Where SHA-1 is not to be had, the whole text is sent each time.
  const bool byName = !whole && !sha1.empty();
  return {byName ? "EVALSHA" : "EVAL",
          byName ? sha1 : kScript,
          "1",
          question.key,
          nameOf(question.what),
          micros(question.interval),
          question.grant.empty() ? "none" : question.grant,
          isPass ? std::to_string(question.due) : micros(question.time),
          second};
}

std::optional<SlotAnswer> readAnswer(const Reply& reply) {
  if (reply.kind != Reply::Kind::Array || reply.elements.size() != 3) return std::nullopt;
  for (const auto& element : reply.elements) {
    if (element->kind != Reply::Kind::Integer || element->integer < 0) return std::nullopt;
  }
  if (reply.elements[0]->integer > 1) return std::nullopt;
  SlotAnswer answer;
  answer.granted = reply.elements[0]->integer == 1;
  constexpr std::int64_t kLongest = std::int64_t{3600} * 24 * 64 * 1'000'000;
  answer.wait = microseconds(std::min(reply.elements[1]->integer, kLongest));
  answer.due = reply.elements[2]->integer;
  return answer;
}

std::string onTheWire(const std::vector<std::string>& words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  for (const std::string& word : words) {
    texts.push_back(word.data());
    lengths.push_back(word.size());
  }
  char* command = nullptr;
  const auto length = redisFormatCommandArgv(&command, static_cast<int>(words.size()), texts.data(), lengths.data());
  if (length < 0 || command == nullptr) throw std::bad_alloc();
  const std::unique_ptr<char, decltype(&redisFreeCommand)> owner(command, redisFreeCommand);
  return {command, static_cast<std::size_t>(length)};
}

}  // namespace chatapps::redis
