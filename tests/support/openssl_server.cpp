#include "openssl_server.hpp"

#include "nginx.hpp"

namespace chatapps::support {

OpensslServer::OpensslServer()
    : process_({{"openssl", "s_server", "-accept", "127.0.0.1:" + std::to_string(port_.number()), "-tls1_3", "-www",
                 "-Verify", "1", "-verify_return_error", "-cert", certificates().file("right.pem"), "-key",
                 certificates().file("right.key"), "-CAfile", certificates().file("ca.pem")},
                {}}) {
  while (process_.readLine().rfind("ACCEPT", 0) != 0) {
  }
}

}  // namespace chatapps::support
