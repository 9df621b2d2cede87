#include "redis/reply.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <new>
#include <utility>

namespace chatapps::redis {
namespace {

constexpr std::size_t kMostElements = 8;
constexpr std::size_t kMostBytes = 16'384;

// hiredis would make what the bytes ask for, however much that is, so the objects are made here.
void* keep(const redisReadTask* task, std::unique_ptr<Reply> reply) noexcept {
  Reply* const made = reply.get();
  if (task->parent != nullptr) {
    auto& siblings = static_cast<Reply*>(task->parent->obj)->elements;
    const auto index = static_cast<std::size_t>(task->idx);
    if (index >= siblings.size()) return nullptr;
    siblings[index] = std::move(reply);
  } else {
    reply.release();  // NOLINT(bugprone-unused-return-value): hiredis has it now
  }
  return made;  // cppcheck-suppress returnDanglingLifetime ; its new owner is hiredis or the array
}

std::unique_ptr<Reply> make(Reply::Kind kind) {
  auto reply = std::make_unique<Reply>();
  reply->kind = kind;
  return reply;
}

void* makeText(const redisReadTask* task, char* text, std::size_t length) noexcept {
  try {
    auto reply = make(task->type == REDIS_REPLY_ERROR ? Reply::Kind::Error : Reply::Kind::Text);
    reply->text.assign(text, length);
    return keep(task, std::move(reply));
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

#if HIREDIS_MAJOR >= 1
using ElementCount = std::size_t;
#else
using ElementCount = int;
#endif

void* makeArray(const redisReadTask* task, ElementCount count) noexcept {
  if (task->parent != nullptr || static_cast<std::size_t>(count) > kMostElements) return nullptr;
  try {
    auto reply = make(Reply::Kind::Array);
    reply->elements.resize(static_cast<std::size_t>(count));
    return keep(task, std::move(reply));
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void* makeInteger(const redisReadTask* task, long long value) noexcept {
  try {
    auto reply = make(Reply::Kind::Integer);
    reply->integer = value;
    return keep(task, std::move(reply));
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void* makeNil(const redisReadTask* task) noexcept {
  try {
    return keep(task, make(Reply::Kind::Nil));
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void release(void* reply) noexcept { delete static_cast<Reply*>(reply); }

#if HIREDIS_MAJOR >= 1
void* refuseDouble(const redisReadTask*, double, char*, std::size_t) noexcept { return nullptr; }
void* refuseBool(const redisReadTask*, int) noexcept { return nullptr; }
redisReplyObjectFunctions functions{makeText, makeArray, makeInteger, refuseDouble, makeNil, refuseBool, release};
#else
redisReplyObjectFunctions functions{makeText, makeArray, makeInteger, makeNil, release};
#endif

}  // namespace

std::string errorCode(const Reply& error) {
  const std::string code = error.text.substr(0, error.text.find(' '));
  const bool isCode = !code.empty() && code.size() <= 20 &&
                      std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return isCode ? code : "unknown";
}

void ReplyReader::Free::operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }

ReplyReader::ReplyReader() : reader_(redisReaderCreateWithFunctions(&functions)) {
  if (!reader_) throw std::bad_alloc();
}

ReplyReader::~ReplyReader() = default;

bool ReplyReader::feed(const char* bytes, std::size_t count) {
  if (!broken_) broken_ = redisReaderFeed(reader_.get(), bytes, count) != REDIS_OK;
  pending_ += count;
  return !broken_;
}

std::optional<Reply> ReplyReader::next() {
  if (broken_) return std::nullopt;
  void* found = nullptr;
  if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK) {
    broken_ = true;
    return std::nullopt;
  }
  if (found == nullptr) {
    broken_ = pending_ > kMostBytes;
    return std::nullopt;
  }
  pending_ = 0;
  const std::unique_ptr<Reply> reply(static_cast<Reply*>(found));
  // An array whose elements are not all there was cut by a count that lied.
  for (const auto& element : reply->elements) {
    if (!element) broken_ = true;
  }
  if (broken_) return std::nullopt;
  return std::move(*reply);
}

}  // namespace chatapps::redis
