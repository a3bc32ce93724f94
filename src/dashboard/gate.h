// Who may ask. Every request passes here before anything looks at its path:
//   - nothing but GET and HEAD, and POST for what changes something, which only those with the token may: of a server that has
//     none, nobody;
//   - where only this machine can ask, the name that it was asked by (Host) is this machine's, or one that the user allowed: a
//     page from elsewhere whose name was made to lead here (DNS rebinding) is turned away;
//   - a browser that says so asks for data on behalf of our own pages alone, and for pages to show them, not to embed them;
//   - where there is a token, the request has it, or the cookie that the link with the token has set.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dashboard/request.h"
#include "dashboard/target.h"

namespace sm2::dashboard {

struct Admission {
  std::uint16_t port = 0;
  bool loopback = true;            // this machine alone can ask
  std::vector<std::string> hosts;  // allowed besides: "name", which means with our port too, or "name:port"
  std::optional<std::string> token;
};

// Whether a path is one of data for programs, rather than a page.
bool for_programs(const Target& target);
bool is_login(const Target& target);  // the link with the token

class Gate {
 public:
  explicit Gate(Admission admission);

  std::optional<Refusal> refuse(const Request& request, const Target& target) const;

  // The answer to the link with the token: a cookie, and the way to the first page without the token.
  Answer log_in(const Target& target) const;

 private:
  std::optional<Refusal> wrong_host(const Request& request) const;
  std::optional<Refusal> wrong_origin(const Request& request, const Target& target) const;
  bool has_secret(const Request& request) const;

  Admission admission_;
  std::string cookie_;   // its name: servers of one machine share their cookies
  std::string session_;  // its value, of this server's life
};

}  // namespace sm2::dashboard
