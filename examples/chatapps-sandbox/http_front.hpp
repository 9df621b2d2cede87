// The sandbox as an HTTP server on loopback.
#pragma once

#include <httplib.h>

#include <chatapps/testing/sandbox.hpp>
#include <chrono>

namespace chatapps::sandbox {

/// Gives each request to the sandbox, waits as long as its reply takes, and answers. Lives until the process ends.
class HttpFront {
 public:
  HttpFront(testing::Sandbox& sandbox, bool verbose);

  /// Binds 127.0.0.1. 0: any free port. Returns the port, or -1 where it is taken.
  int bind(int port);
  /// Serves until the process ends; returns only when listening fails.
  void serve();

 private:
  void answer(const httplib::Request& request, httplib::Response& response);
  void answerWithLog(httplib::Response& response) const;

  testing::Sandbox& sandbox_;
  const bool verbose_;
  httplib::Server server_;
};

}  // namespace chatapps::sandbox
