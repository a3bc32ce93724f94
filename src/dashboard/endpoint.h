// Where the server listens: an address of this machine, and a port.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/result.h"

namespace sm2::dashboard {

struct Endpoint {
  std::string host;  // "127.0.0.1", "[::1]": as in a URL
  std::uint16_t port = 0;
  bool loopback = false;  // reached from this machine alone
  sockaddr_storage address{};
  socklen_t size = 0;
};

// "127.0.0.1:8714", "[::1]:8714", "localhost:8714"; port 0: any that is free.
base::Result<Endpoint> parse_endpoint(std::string_view text);

// A socket that listens there, and the port, also where any would do.
struct Listening {
  base::Descriptor socket;
  std::uint16_t port = 0;
};
base::Result<Listening> listen_on(const Endpoint& endpoint);

// Whether a name is this machine's, for itself alone: "localhost", "127.0.0.1", "[::1]".
bool is_loopback_name(std::string_view host);

}  // namespace sm2::dashboard
