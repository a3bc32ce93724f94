#include "dashboard/endpoint.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>

namespace sm2::dashboard {
namespace {

constexpr int kBacklog = 512;

bool fill(Endpoint& endpoint, const std::string& host) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(endpoint.port);
  if (::inet_pton(AF_INET, host.c_str(), &four.sin_addr) == 1) {
    endpoint.loopback = (ntohl(four.sin_addr.s_addr) >> 24) == 127;
    endpoint.size = sizeof four;
    ::memcpy(&endpoint.address, &four, sizeof four);
    return true;
  }
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(endpoint.port);
  if (host.size() < 2 || host.front() != '[' || host.back() != ']') return false;
  if (::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &six.sin6_addr) != 1) return false;
  endpoint.loopback = IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
  endpoint.size = sizeof six;
  ::memcpy(&endpoint.address, &six, sizeof six);
  return true;
}

std::uint16_t port_of(const base::Descriptor& socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  const bool six = bound.ss_family == AF_INET6;
  return ntohs(six ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                   : reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
}

}  // namespace

base::Result<Endpoint> parse_endpoint(std::string_view text) {
  const auto wrong = [&] {
    return base::fail("'{}' is no place to listen; write ADDRESS:PORT, as 127.0.0.1:8714 or [::1]:8714",
                      text);
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong();
  Endpoint endpoint;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + colon + 1, end, endpoint.port);
  if (read.ec != std::errc() || read.ptr != end) return wrong();
  endpoint.host = text.substr(0, colon);
  if (!fill(endpoint, endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host)) return wrong();
  return endpoint;
}

base::Result<Listening> listen_on(const Endpoint& endpoint) {
  const auto failed = [&] {
    return base::fail("cannot listen on {}:{}: {}; choose another place with --listen", endpoint.host,
                      endpoint.port, ::strerror(errno));
  };
  base::Descriptor socket(
      ::socket(endpoint.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return failed();
  const int yes = 1;  // also where connections of a server before are still being forgotten
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&endpoint.address), endpoint.size) != 0 ||
      ::listen(socket.get(), kBacklog) != 0)
    return failed();
  const std::uint16_t port = port_of(socket);
  return Listening{std::move(socket), port};
}

bool is_loopback_name(std::string_view host) {
  std::string small(host);
  std::ranges::transform(small, small.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (small == "localhost") return true;
  Endpoint endpoint;
  return fill(endpoint, small) && endpoint.loopback;
}

}  // namespace sm2::dashboard
