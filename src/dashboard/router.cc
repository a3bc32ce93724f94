#include "dashboard/router.h"

#include <fmt/format.h>

#include <optional>

namespace sm2::dashboard {
namespace {

bool is_place(std::string_view part) { return part.starts_with('{'); }

// What stands in the places of the pattern, where the path is one of it.
std::optional<std::vector<std::string>> match(const std::string& pattern,
                                              const std::vector<std::string>& path) {
  const auto parts = parse_target(pattern)->path;
  if (parts.size() != path.size()) return {};
  std::vector<std::string> names;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (is_place(parts[at])) {
      names.push_back(path[at]);
    } else if (parts[at] != path[at]) {
      return {};
    }
  }
  return names;
}

}  // namespace

Router::Router(Gate gate, std::vector<Route> routes, std::function<Answer(const Refusal&)> page)
    : gate_(std::move(gate)), routes_(std::move(routes)), page_(std::move(page)) {}

Answer Router::answer(const Request& request) const {
  const auto target = parse_target(request.target);
  if (!target) return problem({400, "The path of a request begins with a slash.", {}});
  auto answered = find(request, *target);
  if (answered) return *std::move(answered);
  return for_programs(*target) ? problem(answered.error()) : page_(answered.error());
}

Answered Router::find(const Request& request, const Target& target) const {
  if (auto refused = gate_.refuse(request, target)) return tl::unexpected(*std::move(refused));
  if (is_login(target)) return gate_.log_in(target);
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  std::string known;
  for (const Route& route : routes_) {
    auto names = match(route.pattern, target.path);
    if (names && route.method == method) return route.answer({request, *std::move(names), target.query});
    if (names) known = route.method;
  }
  if (!known.empty())
    return tl::unexpected(Refusal{405, fmt::format("This is asked for with {}.", known), {{"Allow", known}}});
  return tl::unexpected(Refusal{404, "There is nothing here.", {}});
}

}  // namespace sm2::dashboard
