// `chatapps doctor`, as it is called from a shell.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/chatapps_program.hpp"
#include "support/deaf_port.hpp"

using chatapps::support::ChatappsProgram;
using chatapps::support::countOf;
using chatapps::support::SandboxServer;
using chatapps::support::TemporaryFolder;
using nlohmann::json;

namespace {

constexpr const char* kNobody = "http://127.0.0.1:1";

json findingOf(const std::string& out, const std::string& name) {
  const auto report = json::parse(out);
  for (const auto& finding : report.at("findings")) {
    if (finding["name"] == name) return finding;
  }
  return {};
}

}  // namespace

TEST(CliDoctor, findsNothingWrongAndSendsNothing) {
  const SandboxServer server;
  const auto finished = ChatappsProgram(server).run({"doctor"});
  EXPECT_EQ(finished.exitCode, 0) << finished.out << finished.err;
  EXPECT_EQ(finished.err, "");
  for (const char* part :
       {"ok       chatapps", "libcurl  ", "name lookup", "CA bundle", "API key", "11 characters", "pacing file"}) {
    EXPECT_NE(finished.out.find(part), std::string::npos) << part << " in\n" << finished.out;
  }
  EXPECT_EQ(finished.out.find("sandbox-key"), std::string::npos);
  EXPECT_EQ(finished.out.find("clock"), std::string::npos);

  const auto offline = ChatappsProgram(kNobody).run({"doctor"});
  EXPECT_EQ(offline.exitCode, 0) << "it would have met a closed port: " << offline.out;
}

TEST(CliDoctor, asksTheServerWhenItIsToldTo) {
  const SandboxServer server;
  const auto finished = ChatappsProgram(server).run({"doctor", "--online", "--format", "json"});
  EXPECT_EQ(finished.exitCode, 0) << finished.out << finished.err;
  const auto reached = findingOf(finished.out, "server")["text"].get<std::string>();
  EXPECT_EQ(reached.rfind(server.baseUrl() + " answers (HTTP ", 0), 0u) << reached;
  EXPECT_EQ(findingOf(finished.out, "clock")["text"], "agrees with the server's");
}

TEST(CliDoctor, tellsWhatToDoAboutAServerThatIsNotThere) {
  const auto finished = ChatappsProgram(kNobody).run({"doctor", "--online", "--format", "json"});
  EXPECT_EQ(finished.exitCode, 8) << finished.out;
  const auto finding = findingOf(finished.out, "server");
  EXPECT_EQ(finding["level"], "problem");
  EXPECT_EQ(finding["advice"], "Check the network, the proxy and the base URL.");
}

TEST(CliDoctor, tellsAServerThatSpeaksNoTls) {
  const SandboxServer server;
  const auto finished = ChatappsProgram("https://127.0.0.1:" + std::to_string(server.port()))
                            .run({"doctor", "--online", "--format", "json"});
  EXPECT_EQ(finished.exitCode, 13) << finished.out;
  EXPECT_EQ(findingOf(finished.out, "server")["level"], "problem");
}

TEST(CliDoctor, doesNotWaitForASilentServerForever) {
  const chatapps::support::DeafPort silent;
  const auto finished = ChatappsProgram("http://127.0.0.1:" + std::to_string(silent.port()))
                            .run({"doctor", "--online", "--timeout", "200ms"});
  EXPECT_EQ(finished.exitCode, 9) << finished.out << finished.err;
}

TEST(CliDoctor, missesTheKey) {
  const auto finished = ChatappsProgram(kNobody).set("CHATAPPS_API_KEY", "").run({"doctor"});
  EXPECT_EQ(finished.exitCode, 2);
  EXPECT_NE(finished.out.find("Set CHATAPPS_API_KEY or give --api-key-file."), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("pacing file"), std::string::npos) << "the rest is looked at all the same";
}

TEST(CliDoctor, refusesWhatACallWouldRefuse) {
  const auto finished = ChatappsProgram("http://example.invalid").run({"doctor", "--online"});
  EXPECT_EQ(finished.exitCode, 2);
  EXPECT_EQ(countOf("problem  ", finished.out), 1u) << finished.out;
  EXPECT_NE(finished.out.find("baseUrl"), std::string::npos) << finished.out;
}

TEST(CliDoctor, endsAsACallWithThatCertificateFileWould) {
  EXPECT_EQ(ChatappsProgram(kNobody).run({"doctor", "--ca-file", "/nonexistent"}).exitCode, 2);
  const TemporaryFolder folder;
  const std::string junk = folder.file("junk.pem");
  std::ofstream(junk) << "junk\n";
  EXPECT_EQ(ChatappsProgram("https://127.0.0.1:1").run({"doctor", "--ca-file", junk}).exitCode, 13);
  const auto plain = ChatappsProgram(kNobody).run({"doctor", "--ca-file", junk, "--format", "json"});
  EXPECT_EQ(plain.exitCode, 0) << "plain http asks for no certificate";
  EXPECT_EQ(findingOf(plain.out, "CA bundle")["level"], "note");
}

TEST(CliDoctor, showsProxiesWithoutTheirPasswords) {
  const auto finished = ChatappsProgram(kNobody)
                            .set("HTTPS_PROXY", "http://me:hidden@proxy.example:3128")
                            .set("NO_PROXY", "localhost")
                            .run({"doctor"});
  EXPECT_NE(finished.out.find("http://***@proxy.example:3128, by HTTPS_PROXY"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("for localhost, by NO_PROXY"), std::string::npos) << finished.out;
  EXPECT_EQ(finished.out.find("hidden"), std::string::npos);
}

TEST(CliDoctor, warnsOfAPacingFileThatOthersMayWrite) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("pacing")) << "";
  chmod(folder.file("pacing").c_str(), 0666);
  const auto finished = ChatappsProgram(kNobody).run({"doctor", "--pacing-file", folder.file("pacing")});
  EXPECT_EQ(finished.exitCode, 0) << "calls work without it";
  EXPECT_NE(finished.out.find("is open to other users (mode 0666)"), std::string::npos) << finished.out;
}
