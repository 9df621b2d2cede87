#include "http_front.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chatapps/open_enum.hpp>
#include <chatapps/printable.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>

#include "connection_threads.hpp"

namespace chatapps::sandbox {
namespace {

constexpr const char* kHost = "127.0.0.1";
constexpr auto kLongestSilence = std::chrono::minutes(10);  // of a scripted hang: longer than any client waits
constexpr std::size_t kCutAfter = 1;                        // bytes of a body that breaks off

HttpRequest toSandbox(const httplib::Request& request) {
  auto headers = std::make_shared<Headers>(request.headers.begin(), request.headers.end());
  // The target, not the path: cpp-httplib has decoded the latter.
  return {std::string("http://") + kHost + request.target, std::move(headers)};
}

// cpp-httplib frames the answer by what its body is.
bool isFraming(const std::string& name) {
  constexpr std::array<std::string_view, 4> kFraming{"Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive"};
  return std::any_of(kFraming.begin(), kFraming.end(),
                     [&](std::string_view framing) { return equalIgnoringCase(name, framing); });
}

void give(const HttpResponse& from, httplib::Response& response) {
  response.status = from.status;
  std::string contentType = "text/plain";
  for (const auto& [name, value] : from.headers) {
    if (equalIgnoringCase(name, "Content-Type")) {
      contentType = value;
    } else if (!isFraming(name)) {
      response.headers.emplace(name, value);
    }
  }
  response.set_content(from.body, contentType);
}

// The nearest to a lost connection that cpp-httplib can do: the answer ends long before its length.
void breakOff(httplib::Response& response) {
  response.status = 200;
  response.set_content_provider(kCutAfter + 1000, "application/json",
                                [](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                                  return offset < kCutAfter && sink.write("{", kCutAfter);
                                });
}

}  // namespace

HttpFront::HttpFront(testing::Sandbox& sandbox, bool verbose) : sandbox_(sandbox), verbose_(verbose) {
  server_.new_task_queue = [] { return new ConnectionThreads; };
  server_.set_tcp_nodelay(true);
  server_.set_keep_alive_max_count(1'000'000'000);
  server_.set_keep_alive_timeout(60);
  server_.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    if (request.method != "GET") return httplib::Server::HandlerResponse::Unhandled;
    answer(request, response);
    return httplib::Server::HandlerResponse::Handled;
  });
}

int HttpFront::bind(int port) {
  int listener = -1;
  server_.set_socket_options([&listener](auto socket) {
    // Instead of cpp-httplib's SO_REUSEPORT, with which a second server would share the port silently.
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    listener = socket;
  });
  if (port == 0) {
    port = server_.bind_to_any_port(kHost);
  } else if (!server_.bind_to_port(kHost, port)) {
    port = -1;
  }
  // cpp-httplib asks for a backlog of 5; then some of 64 clients that connect at once meet a second of silence.
  if (port > 0) ::listen(listener, SOMAXCONN);
  return port;
}

void HttpFront::serve() { server_.listen_after_bind(); }

void HttpFront::answer(const httplib::Request& request, httplib::Response& response) {
  if (request.target == "/sandbox/requests") return answerWithLog(response);
  const Reply reply = sandbox_.send(toSandbox(request), *Clock::system());
  std::this_thread::sleep_for(reply.after == Clock::duration::max() ? kLongestSilence : reply.after);
  if (reply.answered) {
    give(reply.response, response);
  } else {
    breakOff(response);
  }
  if (verbose_) {
    const std::string outcome = reply.answered ? std::to_string(response.status) : "connection lost";
    std::cerr << "GET " + printable(request.target) + " " + outcome + "\n";  // one text: lines of threads do not mix
  }
}

void HttpFront::answerWithLog(httplib::Response& response) const {
  auto requests = nlohmann::json::array();
  for (const testing::SandboxRequest& request : sandbox_.requests()) {
    requests.push_back({{"time", request.at.time_since_epoch().count()},
                        {"subAccountId", request.subAccountId},
                        {"umid", request.umid},
                        {"status", request.status}});
  }
  const nlohmann::json log{{"requests", std::move(requests)}};
  response.status = 200;
  response.set_content(log.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), "application/json");
}

}  // namespace chatapps::sandbox
