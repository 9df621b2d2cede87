// A host pacer on a file of the test's own.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pacing/host_pacer.hpp"

namespace chatapps::pacing {

using namespace std::chrono_literals;

inline const LaneName kLane{"https://chatapps.8x8.com:443", "sub_1"};

class HostPacerTest : public ::testing::Test {
 protected:
  HostPacerTest() {
    std::string pattern = ::testing::TempDir() + "host_pacer_XXXXXX";
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    path = folder + "/pacing";
  }
  ~HostPacerTest() override {
    const std::string command = "rm -rf '" + folder + "'";
    EXPECT_EQ(std::system(command.c_str()), 0);
  }

  std::shared_ptr<Pacer> pacer(const std::string& file) {
    return makeHostPacer(file, [this](const std::string& text) { troubles.push_back(text); });
  }
  std::shared_ptr<Pacer> pacer() { return pacer(path); }

  static std::chrono::duration<double> reserve(Pacer& pacer, const LaneName& lane = kLane,
                                               Clock::duration interval = 10s) {
    std::optional<Clock::duration> answer;
    pacer.reserve(lane, interval, [&](Clock::duration wait) { answer = wait; });
    EXPECT_TRUE(answer) << "never blocks";
    return answer.value_or(-1s);
  }
  // Works, and shares with whoever uses the same file.
  void expectShared(const std::string& file) {
    const auto one = pacer(file), other = pacer(file);
    const LaneName lane{"https://shared", std::to_string(++lanes_)};
    EXPECT_LT(reserve(*one, lane), 1ms);
    EXPECT_GT(reserve(*other, lane), 5s);
    EXPECT_TRUE(troubles.empty()) << troubles.front();
  }
  // Falls back to no delay of its own, and says why, once.
  void expectTrouble(const std::string& file, const std::string& why) {
    troubles.clear();
    const auto alone = pacer(file);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(reserve(*alone).count(), 0);
    alone->hold(kLane, 1s);
    EXPECT_EQ(alone->confirm(kLane, 1s, 0s), 0s);
    alone->passOn(kLane, 1s, true);
    ASSERT_EQ(troubles.size(), 1u) << why;
    EXPECT_NE(troubles[0].find(why), std::string::npos) << troubles[0];
  }
  void write(const std::string& file, const std::string& text, mode_t mode = 0600) {
    std::ofstream(file, std::ios::binary) << text;
    ASSERT_EQ(chmod(file.c_str(), mode), 0);
  }
  static off_t sizeOf(const std::string& file) {
    struct stat status {};
    return stat(file.c_str(), &status) == 0 ? status.st_size : -1;
  }
  static mode_t modeOf(const std::string& file) {
    struct stat status {};
    return stat(file.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }

  std::string folder;
  std::string path;
  std::vector<std::string> troubles;

 private:
  int lanes_ = 0;
};

}  // namespace chatapps::pacing
