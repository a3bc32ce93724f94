#include "dashboard/request.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sm2::dashboard {

std::size_t Request::count(std::string_view header) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(headers, [&](const auto& sent) { return sent.first == header; }));
}

std::string_view Request::value(std::string_view header) const {
  const auto found = std::ranges::find_if(headers, [&](const auto& sent) { return sent.first == header; });
  return found == headers.end() ? std::string_view() : found->second;
}

std::string_view title(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 414:
      return "URI Too Long";
    case 421:
      return "Misdirected Request";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

Answer problem(const Refusal& refusal) {
  const nlohmann::ordered_json json = {{"type", "about:blank"},
                                       {"title", title(refusal.status)},
                                       {"status", refusal.status},
                                       {"detail", refusal.detail}};
  Answer answer{refusal.status, "application/problem+json", {}, refusal.headers, {}, {}};
  answer.body = json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
  return answer;
}

}  // namespace sm2::dashboard
