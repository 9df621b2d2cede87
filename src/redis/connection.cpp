#include "redis/connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace chatapps::redis {

Connection::Connection(const Place& place, const Address& address, const Tls* tls) : socket_(place, tls, address.host) {
  std::vector<std::vector<std::string>> login;
  if (!address.user.empty()) {
    login.push_back({"AUTH", address.user, address.password});
  } else if (!address.password.empty()) {
    login.push_back({"AUTH", address.password});
  }
  if (address.database != 0) login.push_back({"SELECT", std::to_string(address.database)});
  for (const auto& words : login) socket_.write(onTheWire(words));
  loginsLeft_ = login.size();
}

void Connection::send(Command command) { write({std::move(command), false}); }

void Connection::write(Sent sent) {
  socket_.write(onTheWire(commandFor(sent.command.question, sent.whole)));
  unanswered_.push_back(std::move(sent));
}

void Connection::advance() {
  if (failure_) return;
  socket_.advance();
  wasOpen_ = wasOpen_ || socket_.state() == Socket::State::Open;
  read();
  if (failure_ || socket_.state() != Socket::State::Failed) return;
  if (socket_.isUntrusted()) {
    fail({Failure::Kind::Refused, true, "Redis's certificate or TLS version is not to be trusted"});
  } else {
    fail({Failure::Kind::Lost, false, wasOpen_ ? "the connection to Redis broke" : "Redis can't be reached"});
  }
}

void Connection::read() {
  std::array<char, 4096> buffer;
  while (!failure_) {
    const std::size_t got = socket_.read(buffer.data(), buffer.size());
    if (got == 0) return;
    bool good = reader_.feed(buffer.data(), got);
    while (const auto reply = good ? reader_.next() : std::nullopt) {
      take(*reply);
      if (failure_) return;
    }
    good = good && !reader_.isBroken();
    if (!good) fail({Failure::Kind::Refused, true, "what answers is no Redis"});
  }
}

void Connection::take(const Reply& reply) {
  if (loginsLeft_ > 0) return takeLogin(reply);
  if (unanswered_.empty()) return fail({Failure::Kind::Refused, true, "Redis speaks unasked"});
  Sent sent = std::move(unanswered_.front());
  unanswered_.pop_front();
  if (reply.kind == Reply::Kind::Error) {
    const std::string code = errorCode(reply);
    if (code == "NOSCRIPT" && !sent.whole) {
      sent.whole = true;
      return write(std::move(sent));
    }
    results_.push_back({std::move(sent.command), failureOf(code)});
  } else if (const auto answer = readAnswer(reply)) {
    results_.push_back({std::move(sent.command), *answer});
  } else {
    results_.push_back(
        {std::move(sent.command), Failure{Failure::Kind::Refused, true, "Redis's answer makes no sense"}});
  }
}

void Connection::takeLogin(const Reply& reply) {
  --loginsLeft_;
  if (reply.kind == Reply::Kind::Text) return;
  const bool isError = reply.kind == Reply::Kind::Error;
  Failure failure = isError ? failureOf(errorCode(reply)) : Failure{};
  failure.kind = Failure::Kind::Refused;
  const bool passes = isError && (errorCode(reply) == "LOADING" || reply.text == "ERR max number of clients reached");
  failure.needsAttention = !passes;
  failure.reason = "Redis refuses the login" + (failure.reason.empty() ? "" : ": " + failure.reason);
  fail(std::move(failure));
}

void Connection::fail(Failure failure) {
  if (!failure_) failure_ = std::move(failure);
}

Time Connection::firstDeadline() const noexcept {
  Time first = Time::max();
  for (const Sent& sent : unanswered_) first = std::min(first, sent.command.deadline);
  return first;
}

std::vector<Command> Connection::takeUnanswered() {
  std::vector<Command> commands;
  for (Sent& sent : unanswered_) commands.push_back(std::move(sent.command));
  unanswered_.clear();
  return commands;
}

}  // namespace chatapps::redis
