#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "chatapps/errors.hpp"
#include "sandbox_fixture.hpp"

using namespace std::chrono_literals;
using chatapps::HttpRequest;
using chatapps::HttpResponse;
using chatapps::InvalidArgumentError;
using chatapps::Reply;
using chatapps::TransportFailure;
using chatapps::testing::requestFor;
using chatapps::testing::Sandbox;
using chatapps::testing::SandboxFault;
using ::testing::HasSubstr;

namespace {

class SandboxFaultsTest : public chatapps::testing::SandboxFixture {};

}  // namespace

TEST_F(SandboxFaultsTest, anotherPathUsesUpNoFault) {
  sandbox_.addFault({{HttpResponse{503, {}, ""}}, 1});
  HttpRequest icon = requestFor("sandbox", Sandbox::kQueued);
  icon.url = "https://chatapps.8x8.com/favicon.ico";
  EXPECT_EQ(ask(icon).status, 404);
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).status, 503);
}

TEST_F(SandboxFaultsTest, aFaultTakesThePlaceOfTheAnswer) {
  sandbox_.addFault({{HttpResponse{503, {{"Retry-After", "2"}}, "<html>"}, 1s}, 2});
  TransportFailure reset;
  reset.reason = "reset";
  sandbox_.addFault({{reset}});
  const Reply first = sandbox_.send(requestFor("sandbox", Sandbox::kQueued), clock_);
  EXPECT_EQ(first.response.body, "<html>");
  EXPECT_EQ(first.after, 1s);
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).status, 503);
  const Reply third = sandbox_.send(requestFor("sandbox", Sandbox::kQueued), clock_);
  EXPECT_EQ(third.failure.reason, "reset");
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).status, 200);
}

TEST_F(SandboxFaultsTest, aFaultCanBeForOneMessageAndComeLater) {
  SandboxFault fault{{HttpResponse{500, {}, ""}}};
  fault.umid = "A0000000-0000-4000-8000-000000000005";
  fault.skip = 1;
  sandbox_.addFault(fault);
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).status, 200);
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kFailed)).status, 200);
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).status, 500);
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).status, 200);
}

TEST_F(SandboxFaultsTest, aFaultCountsWhatTheInterceptorAnswers) {
  sandbox_.intercept([asked = 0](const HttpRequest&) mutable {
    return ++asked == 1 ? std::optional(Reply{HttpResponse{418, {}, ""}}) : std::nullopt;
  });
  SandboxFault fault{{HttpResponse{503, {}, ""}}};
  fault.skip = 1;
  sandbox_.addFault(fault);
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).status, 418);
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).status, 503);
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).status, 200);
}

TEST_F(SandboxFaultsTest, aFaultUsesNoQuota) {
  Sandbox sandbox;
  sandbox.addFault({{HttpResponse{503, {}, ""}}});
  EXPECT_EQ(ask(sandbox, requestFor("sandbox", Sandbox::kQueued)).status, 503);
  EXPECT_EQ(ask(sandbox, requestFor("sandbox", Sandbox::kQueued)).status, 200);
}

TEST_F(SandboxFaultsTest, anInterceptorComesFirst) {
  int asked = 0;
  sandbox_.intercept([&](const HttpRequest& request) -> std::optional<Reply> {
    EXPECT_THAT(request.url, HasSubstr("/messages/"));
    if (++asked == 2) return Reply{HttpResponse{200, {}, "{"}};
    return std::nullopt;
  });
  sandbox_.addFault({{HttpResponse{503, {}, ""}}, 1, 1});
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).status, 200);
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).body, "{");
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).status, 503);
  sandbox_.intercept(nullptr);
  EXPECT_EQ(ask(requestFor("sandbox", Sandbox::kQueued)).status, 200);
  EXPECT_EQ(asked, 3);
}

TEST_F(SandboxFaultsTest, refusesFaultsThatCanNotBe) {
  const auto with = [this](auto change) -> std::string {
    SandboxFault fault{{HttpResponse{503, {}, ""}}};
    change(fault);
    try {
      sandbox_.addFault(fault);
      return "none";
    } catch (const InvalidArgumentError& error) {
      return error.what();
    }
  };
  EXPECT_EQ(with([](SandboxFault&) {}), "none");
  EXPECT_EQ(with([](auto& f) { f.reply = HttpResponse{}, f.reply.after = chatapps::Clock::duration::max(); }), "none")
      << "an answer that never comes needs no status";
  EXPECT_THAT(with([](auto& f) { f.times = 0; }), HasSubstr("fault at /times must be 1 or more"));
  EXPECT_THAT(with([](auto& f) { f.skip = -1; }), HasSubstr("/skip must be 0 or more"));
  EXPECT_THAT(with([](auto& f) { f.umid = "x"; }), HasSubstr("/umid must be a UUID"));
  EXPECT_THAT(with([](auto& f) { f.reply = HttpResponse{}; }), HasSubstr("/status must be from 200 to 999"));
  EXPECT_THAT(with([](auto& f) { f.reply.after = -1s; }), HasSubstr("/after must not be negative"));
}
