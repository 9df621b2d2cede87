// `chatapps get`, as it is called from a shell, against the real sandbox server.
#include <gtest/gtest.h>

#include <chatapps/testing/sandbox.hpp>
#include <chatapps/version.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "support/chatapps_program.hpp"
#include "support/sanitized.hpp"

using chatapps::support::ChatappsProgram;
using chatapps::support::countOf;
using chatapps::support::Finished;
using chatapps::support::SandboxServer;
using chatapps::support::TemporaryFolder;
using chatapps::testing::Sandbox;
using nlohmann::json;

namespace {

const std::string kUnknown = "00000000-0000-4000-8000-000000000000";

class CliGet : public ::testing::Test {
 protected:
  Finished get(const std::string& umid, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"get", Sandbox::kSubAccountId, umid, "--pacing", "off"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return program_.run(arguments);
  }

  SandboxServer server_{{"--rate", "0"}};
  ChatappsProgram program_{server_};
};

/// A file in a folder that goes with the test.
std::string write(const TemporaryFolder& folder, const std::string& name, const std::string& content) {
  std::ofstream(folder.file(name), std::ios::binary) << content;
  return folder.file(name);
}

}  // namespace

TEST_F(CliGet, showsTheFallbackMessagesTwoSteps) {
  const auto finished = get(Sandbox::kFallbackToSms);
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  EXPECT_NE(finished.out.find("\n1     Viber    undelivered  20"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("\n2     SMS      delivered    20"), std::string::npos) << finished.out;
  EXPECT_EQ(finished.out.find('\x1b'), std::string::npos) << "colour is for terminals";
}

TEST_F(CliGet, givesJsonInTheWiresNamesInOrderOfStep) {
  const auto finished = get(Sandbox::kFallbackToSms, {"--format", "json"});
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  const auto data = json::parse(finished.out).at("data");
  ASSERT_EQ(data.size(), 2u);
  EXPECT_EQ(data[0]["step"], 1);
  EXPECT_EQ(data[0]["channel"], "Viber");
  EXPECT_EQ(data[0]["direction"], "Outbound");
  EXPECT_EQ(data[0]["status"]["errorMessage"], "Not a Viber user");
  EXPECT_EQ(data[1]["channel"], "SMS");
  EXPECT_EQ(data[1]["content"], "**MASKED**");
  EXPECT_FALSE(data[1]["status"].contains("errorCode"));
  EXPECT_FALSE(data[1].contains("clientMessageId"));
}

TEST_F(CliGet, givesOneRecordALineAsNdjson) {
  const auto finished = get(Sandbox::kFallbackToSms, {"--format=ndjson"});
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  ASSERT_EQ(countOf("\n", finished.out), 2u);
  EXPECT_EQ(json::parse(finished.out.substr(0, finished.out.find('\n')))["step"], 1);
}

TEST_F(CliGet, givesCsvWithAHeader) {
  const auto finished = get(Sandbox::kFallbackToSms, {"--format", "csv"});
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_EQ(finished.out.rfind("subAccountId,umid,step,channel,", 0), 0u);
  EXPECT_EQ(countOf("\r\n", finished.out), 3u);
  EXPECT_NE(finished.out.find("\r\nsandbox," + std::string(Sandbox::kFallbackToSms) + ",2,SMS,"), std::string::npos);
}

TEST_F(CliGet, endsWith5AndTheErrorIdForAnUnknownMessage) {
  const auto finished = get(kUnknown);
  EXPECT_EQ(finished.exitCode, 5);
  EXPECT_EQ(finished.out, "");
  EXPECT_NE(finished.err.find("message not found"), std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find("errorId "), std::string::npos) << finished.err;
}

TEST_F(CliGet, tellsAnErrorAsOneJsonLineWhereJsonWasAskedFor) {
  for (const char* format : {"json", "ndjson"}) {
    const auto finished = get(kUnknown, {"--format", format});
    EXPECT_EQ(finished.exitCode, 5);
    EXPECT_EQ(countOf("\n", finished.err), 1u);
    const auto error = json::parse(finished.err).at("error");
    EXPECT_EQ(error["type"], "NotFoundError");
    EXPECT_EQ(error["httpStatus"], 404);
    EXPECT_EQ(error["attempts"], 1);
    EXPECT_EQ(error["errorId"].get<std::string>().size(), 36u);
    EXPECT_TRUE(error.contains("code") && error.contains("message") && error.contains("timestamp"));
  }
}

TEST_F(CliGet, endsWith4ForAWrongKeyAndDoesNotShowIt) {
  program_.set("CHATAPPS_API_KEY", "canary-key");
  const auto finished = get(Sandbox::kFallbackToSms, {"--verbose"});
  EXPECT_EQ(finished.exitCode, 4);
  EXPECT_NE(finished.err.find("errorId "), std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find("HTTP 401 from " + server_.baseUrl()), std::string::npos) << finished.err;
  EXPECT_EQ(finished.err.find("canary"), std::string::npos) << finished.err;
}

TEST_F(CliGet, readsTheKeyFromAFileWithoutItsLineBreak) {
  const TemporaryFolder folder;
  program_.set("CHATAPPS_API_KEY", "wrong");
  for (const char* content : {"sandbox-key", "sandbox-key\n", "sandbox-key\r\n"}) {
    EXPECT_EQ(get(Sandbox::kFallbackToSms, {"--api-key-file", write(folder, "key", content)}).exitCode, 0);
  }
  EXPECT_EQ(get(Sandbox::kFallbackToSms, {"--api-key-file", write(folder, "key", "sandbox\nkey")}).exitCode, 2);
  EXPECT_EQ(get(Sandbox::kFallbackToSms, {"--api-key-file", write(folder, "key", "\n")}).exitCode, 2);
  EXPECT_EQ(get(Sandbox::kFallbackToSms, {"--api-key-file", folder.file("absent")}).exitCode, 2);
}

TEST_F(CliGet, takesNoKeyFromTheCommandLineAndDoesNotRepeatIt) {
  const auto finished = get(Sandbox::kFallbackToSms, {"--api-key", "canary-key"});
  EXPECT_EQ(finished.exitCode, 2);
  EXPECT_EQ(finished.err.find("canary"), std::string::npos) << finished.err;
}

TEST_F(CliGet, saysHowToGiveAKeyWhereThereIsNone) {
  program_.set("CHATAPPS_API_KEY", "");
  const auto finished = get(Sandbox::kFallbackToSms);
  EXPECT_EQ(finished.exitCode, 2);
  EXPECT_NE(finished.err.find("--api-key-file"), std::string::npos) << finished.err;
}

TEST_F(CliGet, letsTheCommandLineWinOverTheEnvironment) {
  program_.set("CHATAPPS_BASE_URL", "http://127.0.0.1:1");
  EXPECT_EQ(get(Sandbox::kFallbackToSms, {"--base-url", server_.baseUrl()}).exitCode, 0);
}

TEST_F(CliGet, letsTheCommandLineWinOverAnEnvironmentThatIsWrong) {
  program_.set("CHATAPPS_REGION", "atlantis");
  EXPECT_EQ(get(Sandbox::kFallbackToSms).exitCode, 2);
  EXPECT_EQ(get(Sandbox::kFallbackToSms, {"--base-url", server_.baseUrl()}).exitCode, 0);
  program_.set("CHATAPPS_BASE_URL", "nonsense");
  const auto byRegion = program_.run({"doctor", "--region", "europe"});
  EXPECT_NE(byRegion.out.find("https://chatapps.8x8.uk"), std::string::npos) << byRegion.out;
}

TEST_F(CliGet, takesCommonOptionsBeforeTheCommandToo) {
  program_.set("CHATAPPS_BASE_URL", "");
  const auto finished = program_.run({"--base-url", server_.baseUrl(), "--pacing", "off", "get", "sandbox", kUnknown});
  EXPECT_EQ(finished.exitCode, 5) << finished.err;
}

TEST_F(CliGet, takesIdsThatBeginWithADashBehindTwoDashes) {
  const auto finished = program_.run({"get", "--pacing", "off", "--format", "json", "--", "-sandbox", kUnknown});
  EXPECT_NE(finished.exitCode, 2) << finished.err;
  EXPECT_EQ(program_.run({"get", "-sandbox", kUnknown}).exitCode, 2);
}

TEST_F(CliGet, endsWith2ForACommandLineItDoesNotUnderstand) {
  const std::vector<std::vector<std::string>> lines = {
      {},
      {"get"},
      {"get", "sandbox"},
      {"get", "sandbox", kUnknown, "more"},
      {"get", "sandbox", kUnknown, "--format", "xml"},
      {"get", "sandbox", kUnknown, "--unknown"},
      {"get", "sandbox", kUnknown, "--timeout", "30"},
      {"get", "sandbox", kUnknown, "--timeout", "-1s"},
      {"get", "sandbox", kUnknown, "--timeout", "0s"},
      {"get", "sandbox", kUnknown, "--max-attempts", "x"},
      {"get", "sandbox", kUnknown, "--max-attempts", "0"},
      {"get", "sandbox", kUnknown, "--max-attempts", ""},
      {"get", "sandbox", kUnknown, "--rate", ""},
      {"get", "sandbox", kUnknown, "--rate", "-1"},
      {"get", "sandbox", kUnknown, "--rate", "nan"},
      {"get", "sandbox", kUnknown, "--base-url", ""},
      {"get", "sandbox", kUnknown, "--api-key-file", ""},
      {"get", "sandbox", kUnknown, "--pacing", "sometimes"},
      {"get", "sandbox", kUnknown, "--pacing", "off", "--pacing-file", "x"},
      {"get", "sandbox", kUnknown, "--region", "atlantis"},
      {"get", "sandbox", kUnknown, "--header", "no colon"},
      {"get", "sandbox", kUnknown, "--header", "Host: evil"},
      {"get", "sandbox", kUnknown, "--base-url", "http://8x8.com"},
      {"get", "sandbox", kUnknown, "--ca-file", "/nonexistent"},
      {"get", "sandbox", "no-uuid"},
      {"get", "x", kUnknown},
      {"fetch", "sandbox", kUnknown}};
  for (const auto& line : lines) {
    const auto finished = program_.run(line);
    EXPECT_EQ(finished.exitCode, 2) << ::testing::PrintToString(line) << finished.err;
    EXPECT_EQ(finished.out, "") << ::testing::PrintToString(line);
    EXPECT_NE(finished.err, "") << ::testing::PrintToString(line);
  }
}

TEST_F(CliGet, namesTheCommandsWhereNoneIsKnown) {
  EXPECT_NE(
      program_.run({"gte", "sandbox", kUnknown}).err.find("unknown command \"gte\"; the commands are get, bulk, wait,"),
      std::string::npos);
  EXPECT_NE(program_.run({"--pacing", "off"}).err.find("a command is missing; the commands are get,"),
            std::string::npos);
  const auto key = program_.run({"--apikey", "canary-key"});
  EXPECT_EQ(key.err.rfind("chatapps: unknown option before the command: --apikey\n", 0), 0u) << key.err;
  EXPECT_EQ(program_.run({"--apikey=canary-key", "get"}).err.find("canary"), std::string::npos);
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{"receipt", "-", "--apikey", "canary-key"},
                                             {"get", "sandbox", kUnknown, "--apikey=canary-key"},
                                             {"man", "--api-key", "canary-key"},
                                             {"receipt", "-", "--api-key", "canary-key"}}) {
    const auto extra = program_.run(line);
    EXPECT_EQ(extra.exitCode, 2);
    EXPECT_EQ(extra.err.find("canary"), std::string::npos) << extra.err;
    EXPECT_NE(extra.err.find("--api"), std::string::npos) << extra.err;
  }
  const auto asJson = program_.run({"gte", "--format", "json"});
  EXPECT_NE(json::parse(asJson.err).at("error").at("message").get<std::string>().find("unknown command"),
            std::string::npos);
}

TEST_F(CliGet, repeatsNoValueOfAnOptionOfOneLetter) {
  for (const std::vector<std::string>& line : std::vector<std::vector<std::string>>{
           {"get", "sandbox", kUnknown, "-HAuthorization: Bearer canary-key"}, {"-kcanary-key"}}) {
    const auto finished = program_.run(line);
    EXPECT_EQ(finished.exitCode, 2);
    EXPECT_EQ(finished.err.find("canary"), std::string::npos) << finished.err;
    EXPECT_NE(finished.err.find("unknown option"), std::string::npos) << finished.err;
  }
}

TEST_F(CliGet, tellsAUsageErrorAsJsonWhereJsonWasAskedFor) {
  const auto finished = program_.run({"get", "sandbox", kUnknown, "--format", "json", "--timeout", "30"});
  EXPECT_EQ(finished.exitCode, 2);
  EXPECT_EQ(json::parse(finished.err).at("error").at("type"), "InvalidArgumentError");
}

TEST_F(CliGet, hasHelpAndAVersion) {
  for (const auto& line : {std::vector<std::string>{"--help"}, {"get", "--help"}, {"bulk", "--help"}}) {
    const auto finished = program_.run(line);
    EXPECT_EQ(finished.exitCode, 0);
    EXPECT_NE(finished.out.find("--api-key-file"), std::string::npos);
    EXPECT_EQ(finished.out.find("--api-key "), std::string::npos);
    EXPECT_EQ(finished.err, "");
  }
  for (const auto& line : {std::vector<std::string>{"--version"}, {"get", "--version"}}) {
    EXPECT_EQ(program_.run(line).out, "chatapps " CHATAPPS_VERSION "\n");
  }
}

TEST_F(CliGet, row58_endsWith1WhereItCanNotEvenBegin) {
  auto command = program_.command({"get", "sandbox", kUnknown, "--format", "json"});
  command.argv.insert(command.argv.begin(), {"sh", "-c", "exec 3>&-; ulimit -n 4; exec \"$@\"", "sh"});
  const Finished finished = chatapps::support::run(command);
  EXPECT_EQ(finished.exitCode, 1);
  EXPECT_EQ(json::parse(finished.err).at("error").at("type"), "Error") << finished.err;
}

TEST_F(CliGet, endsWith8WhenNobodyAnswers) {
  const auto finished = get(kUnknown, {"--base-url", "http://127.0.0.1:1", "--max-attempts", "1", "--format", "json"});
  EXPECT_EQ(finished.exitCode, 8);
  EXPECT_EQ(json::parse(finished.err).at("error").at("type"), "TransportError");
}

TEST_F(CliGet, standardErrorHoldsTheOneJsonLineAloneHoweverOftenItWasTried) {
  for (const char* format : {"json", "ndjson"}) {
    const auto finished = get(kUnknown, {"--base-url", "http://127.0.0.1:1", "--format", format});
    EXPECT_EQ(json::parse(finished.err).at("error").at("attempts"), 4) << finished.err;
  }
  EXPECT_NE(get(kUnknown, {"--base-url", "http://127.0.0.1:1"}).err.find("still trying"), std::string::npos);
}

TEST_F(CliGet, tellsItsEventsOnStandardErrorWhenVerbose) {
  const auto finished = get(Sandbox::kFallbackToSms, {"--verbose", "--format", "json", "--header", "X-One: canary",
                                                      "--header", "X-Two: canary"});
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_NE(finished.err.find("attempt 1: HTTP 200"), std::string::npos) << finished.err;
  EXPECT_EQ(finished.err.find("canary"), std::string::npos) << finished.err;
  EXPECT_TRUE(json::accept(finished.out));
}

TEST_F(CliGet, endsWith1WhenItsOutputCanNotBeWritten) {
  const chatapps::support::TemporaryFolder folder;
  const std::string file = folder.path() / "out";
  std::vector<std::string> outputs = {"exec \"$@\" >/dev/full", "exec \"$@\" >&-"};
  // A sanitizer writes files of its own before `main`.
  if (!chatapps::support::kSanitized) outputs.push_back("ulimit -f 0; exec \"$@\" >" + file);
  for (const std::string& output : outputs) {
    const auto program = program_.command({"get", "sandbox", Sandbox::kFallbackToSms, "--pacing", "off"});
    chatapps::support::Command shell{{"sh", "-c", output, "sh"}, program.environment};
    shell.argv.insert(shell.argv.end(), program.argv.begin(), program.argv.end());
    const auto finished = chatapps::support::run(shell);
    EXPECT_EQ(finished.exitCode, 1) << output;
    EXPECT_NE(finished.err.find("standard output"), std::string::npos) << output << finished.err;
    for (const char* text : {"--help", "--version"}) {
      shell.argv.resize(5);
      shell.argv.emplace_back(text);
      EXPECT_EQ(chatapps::support::run(shell).exitCode, 1) << text << output;
    }
  }
}

TEST_F(CliGet, goesThroughTheProxyItIsTold) {
  EXPECT_EQ(get(Sandbox::kFallbackToSms, {"--proxy", "http://127.0.0.1:1", "--max-attempts", "1"}).exitCode, 8);
  EXPECT_EQ(get(Sandbox::kFallbackToSms, {"--proxy", ""}).exitCode, 0);
  EXPECT_EQ(get(Sandbox::kFallbackToSms, {"--proxy=", "--verbose"}).exitCode, 0);
}

TEST_F(CliGet, row68_doesNotRepeatTheUrlOfAProxyThatIsWrong) {
  for (const char* proxy : {"http://u:canary@127.0.0.1:99999", "nonsense://u:canary@h"}) {
    const auto option = get(Sandbox::kFallbackToSms, {"--proxy", proxy, "--format", "json", "--verbose"});
    EXPECT_EQ(option.exitCode, 2) << option.err;
    EXPECT_EQ(option.err.find("canary"), std::string::npos) << option.err;
    ChatappsProgram elsewhere("https://127.0.0.2:1");  // loopback is never asked for through the environment's proxy
    const auto environment = elsewhere.set("https_proxy", proxy)
                                 .set("CHATAPPS_BASE_URL", "https://chatapps.invalid")
                                 .run({"get", "sandbox", kUnknown, "--pacing", "off", "--verbose"});
    EXPECT_EQ(environment.exitCode, 8) << environment.err;
    EXPECT_EQ(environment.err.find("canary"), std::string::npos) << environment.err;
    EXPECT_NE(environment.err.find("proxy"), std::string::npos) << environment.err;
    const auto doctor = elsewhere.run({"doctor", "--online"});
    EXPECT_EQ((doctor.out + doctor.err).find("canary"), std::string::npos) << doctor.out;
  }
}

TEST_F(CliGet, refusesATimeoutOfCenturies) {
  const auto finished = get(Sandbox::kFallbackToSms, {"--timeout", "2000000h"});
  EXPECT_EQ(finished.exitCode, 2);
  EXPECT_NE(finished.err.find("at most 30 days"), std::string::npos) << finished.err;
}

TEST(CliGetSlow, endsWith130WhenInterruptedAndNotByTheSignal) {
  const SandboxServer slow({"--latency", "60000"});
  const ChatappsProgram program(slow);
  chatapps::support::Process process(program.command({"get", "sandbox", Sandbox::kFallbackToSms, "--verbose"}));
  ASSERT_TRUE(process.waitForError("attempt 1 sent"));
  process.signal(SIGINT);
  const auto finished = process.wait(std::chrono::seconds(10));
  EXPECT_EQ(finished.exitCode, 130) << finished.err;
  EXPECT_EQ(finished.out, "");
}

TEST(CliGetSlow, endsWith9WhenTheTimeIsOver) {
  const SandboxServer slow({"--latency", "60000"});
  const auto finished = ChatappsProgram(slow).run({"get", "sandbox", Sandbox::kFallbackToSms, "--timeout", "0.2s"});
  EXPECT_EQ(finished.exitCode, 9) << finished.err;
}

TEST(CliGetText, isExactInJsonQuotedInCsvAndHarmlessInATable) {
  const TemporaryFolder folder;
  const auto scenario = write(folder, "scenario.json", R"({"maskPersonalData": false, "messages": [{
    "umid": "b0000000-0000-4000-8000-000000000001", "content": "a,\"b\"\r\n\u001b[31mred\u202e \u0e01", "steps": [
    {"channel": "Telegram", "events": [{"at": "0s", "state": "teleported", "detail": "delivered_to_carrier"}]}]}]})");
  const SandboxServer server({"--rate", "0", "--scenario", scenario});
  const ChatappsProgram program(server);
  const auto show = [&](const char* format) {
    return program
        .run({"get", "sandbox", "b0000000-0000-4000-8000-000000000001", "--pacing", "off", "--format", format})
        .out;
  };
  const auto record = json::parse(show("json"))["data"][0];
  EXPECT_EQ(record["content"], "a,\"b\"\r\n\x1b[31mred\xE2\x80\xAE \xE0\xB8\x81");
  EXPECT_EQ(record["channel"], "Telegram");
  EXPECT_EQ(record["status"]["state"], "teleported");
  EXPECT_NE(show("csv").find(R"(,"a,""b"")"
                             "\r\n"
                             R"(\u001b[31mred\u202e )"
                             "\xE0\xB8\x81\","),
            std::string::npos);
  EXPECT_NE(show("table").find(R"(a,"b"\r\n\x1b[31mred\u202e )"
                               "\xE0\xB8\x81"),
            std::string::npos);
  for (const char* format : {"json", "ndjson", "csv", "table"}) EXPECT_EQ(show(format).find('\x1b'), std::string::npos);
}
