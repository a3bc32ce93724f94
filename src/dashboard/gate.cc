#include "dashboard/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "dashboard/endpoint.h"
#include "dashboard/secret.h"

namespace sm2::dashboard {
namespace {

constexpr std::string_view kBearer = "Bearer ";

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// "[::1]:8714": the name, and whether the port is ours; without a port it is HTTP's own.
std::pair<std::string_view, bool> taken_apart(std::string_view host, std::uint16_t port) {
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
  if (!has_port) return {host, port == 80};
  return {host.substr(0, colon), host.substr(colon + 1) == std::to_string(port)};
}

}  // namespace

bool for_programs(const Target& target) {
  return !target.path.empty() && (target.path[0] == "api" || target.path[0] == "metrics");
}

bool is_login(const Target& target) { return target.path == std::vector<std::string>{"login"}; }

Gate::Gate(Admission admission)
    : admission_(std::move(admission)),
      cookie_(fmt::format("sm2-{}", admission_.port)),
      session_(random_text()) {}

std::optional<Refusal> Gate::refuse(const Request& request, const Target& target) const {
  const bool changes = request.method == "POST";
  if (request.method != "GET" && request.method != "HEAD" && !changes)
    return Refusal{405, "This server knows GET, HEAD and POST.", {{"Allow", "GET, HEAD, POST"}}};
  if (auto wrong = wrong_host(request)) return wrong;
  if (auto wrong = wrong_origin(request, target)) return wrong;
  if (changes && !admission_.token)
    return Refusal{403,
                   "This server only shows; sm2 serve --token-file FILE lets those with its token pause, "
                   "resume and stop.",
                   {}};
  if (changes && request.value("origin").empty() && request.count("authorization") == 0)
    return Refusal{
        403,
        "A page says which one it is (Origin); a program has the header Authorization: Bearer TOKEN.",
        {}};
  if (!admission_.token || is_login(target) || has_secret(request)) return {};
  if (request.count("authorization") > 0)
    return Refusal{401, "This is not the token of this server.", {{"WWW-Authenticate", "Bearer"}}};
  return Refusal{401,
                 "This server needs its token: the link that sm2 serve printed, or the header Authorization: "
                 "Bearer TOKEN.",
                 {{"WWW-Authenticate", "Bearer"}}};
}

std::optional<Refusal> Gate::wrong_host(const Request& request) const {
  if (request.count("host") != 1) return Refusal{400, "A request names its host, once.", {}};
  if (!admission_.loopback) return {};
  const std::string_view host = request.value("host");
  const auto [name, ours] = taken_apart(host, admission_.port);
  if (ours && is_loopback_name(name)) return {};
  for (const std::string& allowed : admission_.hosts) {
    if (same_name(allowed, host) || (ours && same_name(allowed, name))) return {};
  }
  return Refusal{421, "This server does not go by that name; sm2 serve --allow-host NAME lets it.", {}};
}

std::optional<Refusal> Gate::wrong_origin(const Request& request, const Target& target) const {
  const std::string_view origin = request.value("origin");
  const std::string host(request.value("host"));
  const bool own = origin.empty() || origin == "http://" + host || origin == "https://" + host;
  const std::string_view from = request.value("sec-fetch-site");
  const bool ours = from.empty() || from == "same-origin" || from == "none";
  const bool shown =
      request.value("sec-fetch-mode") == "navigate" && request.value("sec-fetch-dest") == "document";
  const bool page = !for_programs(target);
  if (own && (ours || (page && shown))) return {};
  return Refusal{403, "A page of another origin may not ask this server.", {}};
}

bool Gate::has_secret(const Request& request) const {
  const std::string_view authorization = request.value("authorization");
  if (request.count("authorization") == 1 && authorization.size() > kBearer.size() &&
      same_name(authorization.substr(0, kBearer.size()), kBearer))
    return same_secret(authorization.substr(kBearer.size()), *admission_.token);
  std::string_view cookies = request.value("cookie");
  while (!cookies.empty()) {
    std::string_view one = cookies.substr(0, cookies.find(';'));
    cookies.remove_prefix(std::min(one.size() + 1, cookies.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with(cookie_ + "=") && same_secret(one.substr(cookie_.size() + 1), session_)) return true;
  }
  return false;
}

Answer Gate::log_in(const Target& target) const {
  const auto given = target.query.find("token");
  if (!admission_.token || given == target.query.end() || !same_secret(given->second, *admission_.token))
    return problem({401, "This is not the token of this server.", {}});
  Answer answer{303, {}, {}, {{"Location", "/"}}, {}, {}};
  answer.headers.emplace_back("Set-Cookie",
                              fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict", cookie_, session_));
  return answer;
}

}  // namespace sm2::dashboard
