#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chatapps/options.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "doctor/curl_findings.hpp"
#include "doctor/environment_findings.hpp"
#include "doctor/finding.hpp"
#include "doctor/key_finding.hpp"
#include "doctor/pacing_finding.hpp"
#include "doctor/probe.hpp"
#include "support/scoped_variable.hpp"
#include "support/temporary_folder.hpp"

using namespace chatapps::cli;
using chatapps::support::ScopedVariable;
using chatapps::support::TemporaryFolder;

namespace {

std::string write(const TemporaryFolder& folder, const std::string& name, const std::string& content, mode_t mode) {
  const std::string path = folder.file(name);
  std::ofstream(path, std::ios::binary) << content;
  chmod(path.c_str(), mode);
  return path;
}

bool says(const Finding& finding, const std::string& part) { return finding.text.find(part) != std::string::npos; }

}  // namespace

TEST(Doctor, putsAdviceBelowWhatItBelongsTo) {
  const Findings findings{good("TLS", "OpenSSL"), note("pacing file", "is odd", "Look at it.")};
  EXPECT_EQ(findingsText(findings),
            "ok       TLS          OpenSSL\n"
            "note     pacing file  is odd\n"
            "                      Look at it.\n");
}

TEST(Doctor, escapesWhatATerminalCouldActOn) {
  EXPECT_EQ(findingsText({good("proxy", "\x1b[2J")}), "ok       proxy  \\x1b[2J\n");
}

TEST(Doctor, endsWithTheFirstProblemsCode) {
  const Findings findings{note("a", "b", "c"), problem("d", kTls, "e", "f"), problem("g", kUsage, "h", "i")};
  EXPECT_EQ(exitCodeOf(findings), kTls);
  EXPECT_EQ(exitCodeOf({good("a", "b"), note("a", "b", "c")}), kDone);
}

TEST(Doctor, tellsProgramsTheLevelOfEachFinding) {
  const auto json =
      nlohmann::json::parse(findingsJson({good("a", "b"), note("c", "d", "e"), problem("f", kTimeout, "g", "h")}));
  EXPECT_EQ(json["findings"][0], (nlohmann::json{{"name", "a"}, {"level", "ok"}, {"text", "b"}}));
  EXPECT_EQ(json["findings"][1]["level"], "note");
  EXPECT_EQ(json["findings"][2], (nlohmann::json{{"name", "f"}, {"level", "problem"}, {"text", "g"}, {"advice", "h"}}));
  EXPECT_EQ(json["exitCode"], 9);
}

TEST(Doctor, neverShowsAProxysPassword) {
  EXPECT_EQ(withoutCredentials("http://user:p@ss/word@proxy:3128"), "http://***@proxy:3128");
  EXPECT_EQ(withoutCredentials("user:secret@proxy"), "***@proxy");
  EXPECT_EQ(withoutCredentials("http://proxy:3128"), "http://proxy:3128");
  EXPECT_TRUE(says(proxyFindings("socks5h://me:secret@proxy").front(), "socks5h://***@proxy, by --proxy"));
  EXPECT_TRUE(says(proxyFindings("").front(), "none"));
}

TEST(Doctor, tellsAKeysShapeWithoutACharacterOfIt) {
  TemporaryFolder folder;
  const auto fine = keyFinding(write(folder, "fine", "0123456789-zyxwv\n", 0600));
  EXPECT_FALSE(fine.isProblem());
  EXPECT_EQ(fine.text, "16 characters, from " + folder.file("fine") + "; only a call tells whether it is accepted");

  const auto quoted = keyFinding(write(folder, "blank", "zyx wv\xc3\xa9", 0600));
  EXPECT_EQ(quoted.exitCode, kUsage);
  EXPECT_TRUE(says(quoted, "of which 3 are")) << quoted.text;
  EXPECT_FALSE(says(quoted, "zyx"));
  EXPECT_EQ(keyFinding(folder.file("missing")).exitCode, kUsage);
}

TEST(Doctor, countsTheCertificatesOfABundle) {
  TemporaryFolder folder;
  const std::string certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_TRUE(
      says(authoritiesFinding(write(folder, "two", certificate + certificate, 0600), true), "two, 2 certificates"));
  EXPECT_EQ(authoritiesFinding(write(folder, "none", "hello\n", 0600), true).exitCode, kTls);
  EXPECT_EQ(authoritiesFinding(write(folder, "nothing", "", 0600), true).exitCode, kUsage)
      << "a call would not begin either";
  EXPECT_EQ(authoritiesFinding(folder.file("missing"), true).exitCode, kUsage) << "a call would not even begin";
  EXPECT_EQ(authoritiesFinding(folder.path().string(), true).exitCode, kUsage) << "a folder is no bundle";
  EXPECT_EQ(authoritiesFinding(folder.file("missing"), false).exitCode, kDone) << "nobody asks for it";
}

TEST(Doctor, findsTheLibcurlOfThisMachineGoodEnough) {
  const auto findings = curlFindings();
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(exitCodeOf(findings), kDone) << findingsText(findings);
}

TEST(Doctor, looksForThePacingFileWhereTheLibraryDoes) {
  TemporaryFolder runtime, temporary;
  const ScopedVariable first("XDG_RUNTIME_DIR", runtime.path().string()), second("TMPDIR", temporary.path().string());
  EXPECT_TRUE(says(pacingFileFinding(""), runtime.file("chatapps/pacing")));
  if (geteuid() != 0) return;
  ASSERT_EQ(chown(runtime.path().c_str(), 12345, 12345), 0);
  EXPECT_TRUE(says(pacingFileFinding(""), temporary.file("chatapps-0/pacing")))
      << "root leaves another user's folder alone";
}

TEST(Doctor, knowsAPacingFileThatCanNotBeUsed) {
  TemporaryFolder folder;
  const std::string content("chatpace\1\0\0\0\0\0\0\0", 16);
  const auto isFine = [](const std::string& path) { return pacingFileFinding(path).advice.empty(); };
  EXPECT_TRUE(isFine(write(folder, "own", content, 0600)));
  EXPECT_TRUE(isFine(write(folder, "empty", "", 0600)));
  EXPECT_TRUE(isFine(folder.file("not-yet")));
  EXPECT_FALSE(isFine(write(folder, "open", content, 0644)));
  EXPECT_FALSE(isFine(write(folder, "foreign", "something else", 0600)));
  EXPECT_TRUE(says(pacingFileFinding(write(folder, "newer", std::string("chatpace\2\0\0\0\0\0\0\0", 16), 0600)),
                   "is of another version"));
  EXPECT_FALSE(isFine(folder.file("no-folder/file")));
  EXPECT_FALSE(isFine(folder.path().string()));
  ASSERT_EQ(symlink(folder.file("own").c_str(), folder.file("link").c_str()), 0);
  EXPECT_FALSE(isFine(folder.file("link")));
  ASSERT_EQ(link(folder.file("own").c_str(), folder.file("twin").c_str()), 0);
  EXPECT_FALSE(isFine(folder.file("own")));
  EXPECT_NE(access(folder.file("not-yet").c_str(), F_OK), 0) << "a look makes nothing";
  EXPECT_EQ(pacingFileFinding(folder.file("foreign")).exitCode, kDone) << "calls work without it";
}

TEST(Doctor, judgesAClockByHowFarItIsOff) {
  EXPECT_TRUE(clockFinding(-2).advice.empty());
  EXPECT_EQ(clockFinding(90).text, "1m30s ahead of the server's");
  EXPECT_FALSE(clockFinding(90).isProblem());
  EXPECT_EQ(clockFinding(-3600).exitCode, kTls);
  EXPECT_TRUE(says(clockFinding(-3600), "behind"));
}
