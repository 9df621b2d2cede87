#include "nginx.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace chatapps::support {
namespace {

struct PortKind {
  const char* name;
  const char* certificate;
  const char* protocols;
  const char* more = "";       // directives
  const char* listening = "";  // more parameters of `listen`
};

constexpr PortKind kPorts[] = {
    {"right", "right", "TLSv1.2 TLSv1.3"},
    {"wrong-host", "wrong-host", "TLSv1.2 TLSv1.3"},
    {"expired", "expired", "TLSv1.2 TLSv1.3"},
    {"not-yet-valid", "not-yet-valid", "TLSv1.2 TLSv1.3"},
    {"unknown-ca", "unknown-ca", "TLSv1.2 TLSv1.3"},
    {"tls11", "right", "TLSv1.1", "ssl_ciphers DEFAULT:@SECLEVEL=0;"},  // OpenSSL 3 has it at level 0 only
    {"tls12", "right", "TLSv1.2"},
    {"tls13", "right", "TLSv1.3"},
    {"http2", "right", "TLSv1.2 TLSv1.3", "", " http2"},
    {"client-certificate", "right", "TLSv1.3", "ssl_verify_client on;"},
    // A name with a variable in it is read at each handshake, and a session that is resumed needs no certificate.
    {"rotated", "", "TLSv1.2 TLSv1.3", "ssl_session_tickets off; ssl_session_cache off;"},
};

std::string configuration(const std::string& folder, const std::string& upstream,
                          const std::map<std::string, int>& ports) {
  std::ostringstream text;
  text << "daemon off;\nmaster_process off;\n"  // one process: no other user to switch to
       << "pid " << folder << "/nginx.pid;\nerror_log " << folder << "/error.log info;\n"
       << "events { worker_connections 4096; }\n"
       << "http {\n"
       << "  log_format counted '$server_port $ssl_protocol $status';\n  access_log " << folder
       << "/access.log counted;\n"
       << "  keepalive_requests 1000000;\n";
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    text << "  " << kind << "_temp_path " << folder << "/" << kind << ";\n";
  }
  const TemporaryFolder& pem = certificates();
  for (const PortKind& port : kPorts) {
    const bool rotated = *port.certificate == '\0';
    const std::string certificate = rotated ? folder + "/$ssl_server_name" : pem.file(port.certificate);
    text << "  server {\n"
         << "    listen 127.0.0.1:" << ports.at(port.name) << " ssl" << port.listening << ";\n"
         << "    ssl_certificate " << certificate << ".pem;\n"
         << "    ssl_certificate_key " << certificate << ".key;\n"
         << "    ssl_client_certificate " << pem.file("ca.pem") << ";\n"
         << "    ssl_protocols " << port.protocols << ";\n    " << port.more << "\n"
         << "    location / {\n"
         << "      proxy_pass " << upstream << ";\n"
         << "      proxy_http_version 1.1;\n      proxy_set_header Connection \"\";\n"
         << "    }\n  }\n";
  }
  text << "}\n";
  return text.str();
}

}  // namespace

const TemporaryFolder& certificates() {
  static const TemporaryFolder* const folder = [] {
    static TemporaryFolder made;
    const Finished script = run({{CHATAPPS_TEST_SUPPORT_FOLDER "/certificates.sh", made.path().string()}, {}});
    if (script.exitCode != 0)
      throw std::runtime_error("certificates.sh: " + script.err + readFile(made.path() / "openssl.log"));
    return &made;
  }();
  return *folder;
}

Nginx::Nginx(const std::string& upstream) {
  std::map<std::string, int> numbers;
  for (const PortKind& port : kPorts) {
    ports_[port.name] = std::make_unique<ReservedPort>();
    numbers[port.name] = ports_[port.name]->number();
  }
  std::ofstream(folder_.path() / "nginx.conf") << configuration(folder_.path().string(), upstream, numbers);
  // Debian keeps it in sbin, which is not in everybody's PATH.
  process_ = std::make_unique<Process>(Command{
      {"sh", "-c", "PATH=$PATH:/usr/sbin:/usr/local/sbin exec nginx -p \"$0\" -c nginx.conf", folder_.path().string()},
      {}});
  for (int tries = 0; readFile(folder_.path() / "nginx.pid").empty(); ++tries) {
    if (tries == 1000) throw std::runtime_error("nginx does not start: " + readFile(folder_.path() / "error.log"));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void Nginx::rotateTo(const std::string& certificate) {
  for (const char* kind : {".pem", ".key"}) {
    std::filesystem::copy_file(certificates().file(certificate + kind), folder_.file(std::string("localhost") + kind),
                               std::filesystem::copy_options::overwrite_existing);
  }
}

std::size_t Nginx::linesWith(const char* log, const std::string& a, const std::string& b, std::size_t atLeast) const {
  std::size_t count = 0;
  for (int tries = 0; tries < 1000; ++tries) {
    count = 0;
    std::istringstream lines(readFile(folder_.path() / log));
    for (std::string line; std::getline(lines, line);) {
      if (line.find(a) != std::string::npos && line.find(b) != std::string::npos) ++count;
    }
    if (count >= atLeast) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return count;
}

std::size_t Nginx::requests(const std::string& name, std::size_t atLeast) const {
  return linesWith("access.log", std::to_string(port(name)) + " TLS", "", atLeast);
}

std::size_t Nginx::failedHandshakes(const std::string& name, std::size_t atLeast) const {
  return linesWith("error.log", "while SSL handshaking", ":" + std::to_string(port(name)), atLeast);
}

}  // namespace chatapps::support
