#include "decode/scenario.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "decode/scenario_object.hpp"

namespace chatapps::decode {
namespace {

using testing::SandboxEvent;
using testing::SandboxFault;
using testing::SandboxMessage;
using testing::SandboxOptions;
using testing::SandboxScenario;
using testing::SandboxStep;
using testing::Window;

nlohmann::json parse(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    refuseScenario("", "must be JSON, which has no NUL");  // it is an end to the parser
  try {
    return nlohmann::json::parse(text.begin(), text.end());
  } catch (const nlohmann::json::parse_error& error) {
    const std::string_view before = text.substr(0, error.byte == 0 ? 0 : error.byte - 1);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t lineStart = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    refuseScenario("", "must be JSON; it is not from line " + std::to_string(line) + ", column " +
                           std::to_string(before.size() - lineStart + 1) + " on");
  } catch (const nlohmann::json::exception&) {
    refuseScenario("", "must be JSON with numbers that a double can hold");
  }
}

template <class Enum>
void readEnum(ScenarioObject& object, const char* name, Enum& target) {
  std::string text = target.text();
  object.read(name, text);
  target = Enum(std::move(text));
}

void readWindow(ScenarioObject& object, Window& target) {
  static constexpr std::pair<const char*, Window> kWindows[] = {
      {"gcra", Window::Gcra}, {"fixed", Window::Fixed}, {"sliding", Window::Sliding}, {"bucket", Window::Bucket}};
  std::optional<std::string> text;
  object.read("window", text);
  if (!text) return;
  for (const auto& [name, window] : kWindows) {
    if (*text != name) continue;
    target = window;
    return;
  }
  refuseScenario(object.whereIs("window"), "must be gcra, fixed, sliding or bucket");
}

SandboxEvent readEvent(ScenarioObject& object) {
  SandboxEvent event;
  object.read("at", event.at);
  readEnum(object, "state", event.state);
  std::optional<std::string> detail;
  object.read("detail", detail);
  if (detail) event.detail = StatusDetail(*std::move(detail));
  object.read("errorCode", event.errorCode);
  object.read("errorMessage", event.errorMessage);
  object.finish();
  return event;
}

SandboxStep readStep(ScenarioObject& object) {
  SandboxStep step;
  readEnum(object, "channel", step.channel);
  object.read("channelId", step.channelId);
  for (ScenarioObject& event : object.objects("events")) step.events.push_back(readEvent(event));
  object.finish();
  return step;
}

SandboxMessage readMessage(ScenarioObject& object) {
  SandboxMessage message;
  object.read("umid", message.umid);
  object.read("subAccountId", message.subAccountId);
  object.read("age", message.age);
  object.read("fromFirstLook", message.fromFirstLook);
  readEnum(object, "direction", message.direction);
  readEnum(object, "contentType", message.contentType);
  object.read("country", message.country);
  object.read("msisdn", message.msisdn);
  object.read("channelUserId", message.channelUserId);
  object.read("content", message.content);
  object.read("clientMessageId", message.clientMessageId);
  object.read("clientBatchId", message.clientBatchId);
  object.read("batchId", message.batchId);
  for (ScenarioObject& step : object.objects("steps")) message.steps.push_back(readStep(step));
  object.finish();
  return message;
}

TransportFailure readFailure(ScenarioObject& object) {
  using Kind = TransportFailure::Kind;
  std::string text;
  object.read("failure", text);
  TransportFailure failure;
  failure.reason = "scenario: " + text;
  if (text == "refused") return failure;
  failure.delivery = Delivery::MaybeSent;
  if (text == "reset") return failure;
  failure.delivery = Delivery::NotSent;
  if (text == "timeout") {
    failure.kind = Kind::Timeout;
    return failure;
  }
  if (text != "tls") refuseScenario(object.whereIs("failure"), "must be refused, reset, timeout or tls");
  failure.kind = Kind::Tls;
  failure.retry = TransportFailure::Retry::Never;
  return failure;
}

HttpResponse readResponse(ScenarioObject& object) {
  HttpResponse response;
  object.read("status", response.status);
  object.read("body", response.body);
  response.headers = object.texts("headers");
  return response;
}

SandboxFault readFault(ScenarioObject& object) {
  SandboxFault fault;
  object.read("umid", fault.umid);
  object.read("skip", fault.skip);
  object.read("times", fault.times);
  Clock::duration after{0};
  object.read("after", after);
  bool hang = false;
  object.read("hang", hang);
  if (static_cast<int>(object.has("status")) + static_cast<int>(object.has("failure")) + static_cast<int>(hang) != 1) {
    refuseScenario(object.where(), "must have one of status, failure or \"hang\": true");
  }
  if (object.has("status")) {
    fault.reply = Reply(readResponse(object), after);
  } else if (object.has("failure")) {
    fault.reply = Reply(readFailure(object), after);
  } else {
    fault.reply = {TransportFailure{TransportFailure::Kind::Network, Delivery::MaybeSent, "scenario: no answer"},
                   (Clock::duration::max)()};
  }
  object.finish();
  return fault;
}

void readOptions(ScenarioObject& object, SandboxOptions& options) {
  object.read("apiKeys", options.apiKeys);
  object.read("subAccounts", options.subAccounts);
  object.read("requestsPerSecond", options.requestsPerSecond);
  readWindow(object, options.window);
  object.read("rejectedRequestsCount", options.rejectedRequestsCount);
  object.read("retryAfterHeader", options.retryAfterHeader);
  object.read("latency", options.latency);
  object.read("speed", options.speed);
  object.read("maskPersonalData", options.maskPersonalData);
  object.read("builtInMessages", options.builtInMessages);
  object.read("seed", options.seed);
}

}  // namespace

SandboxScenario scenario(std::string_view json, SandboxOptions defaults) {
  const nlohmann::json document = parse(json);
  ScenarioObject root(document, "");
  SandboxScenario scenario;
  scenario.options = std::move(defaults);
  readOptions(root, scenario.options);
  for (ScenarioObject& message : root.objects("messages")) scenario.messages.push_back(readMessage(message));
  for (ScenarioObject& fault : root.objects("faults")) scenario.faults.push_back(readFault(fault));
  root.finish();
  return scenario;
}

}  // namespace chatapps::decode
