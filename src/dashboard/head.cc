#include "dashboard/head.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace sm2::dashboard {
namespace {

constexpr std::string_view kLine = "\r\n";
constexpr std::string_view kEnd = "\r\n\r\n";
constexpr std::array<std::string_view, 11> kLookedAt = {
    "accept",        "accept-encoding", "authorization",  "cookie",         "host",          "if-none-match",
    "last-event-id", "origin",          "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site"};

bool control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

bool token(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string small(std::string_view text) {
  std::string all(text);
  std::ranges::transform(all, all.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return all;
}

bool looked_at(const std::string& name) { return std::ranges::find(kLookedAt, name) != kLookedAt.end(); }

}  // namespace

std::size_t end_of_head(std::string_view received) {
  if (received.empty()) return 0;
  if (!std::isupper(static_cast<unsigned char>(received[0]))) return received.size();
  if (const auto end = received.find(kEnd); end != std::string_view::npos) return end + kEnd.size();
  return received.size() > kLongestHead ? received.size() : 0;
}

tl::expected<std::string, int> checked_head(std::string_view head) {
  const std::size_t first = head.find(kLine);
  if (std::min(first, head.size()) > kLongestRequestLine) return tl::unexpected(414);
  if (head.size() > kLongestHead) return tl::unexpected(431);
  if (!head.ends_with(kEnd)) return tl::unexpected(400);
  if (std::ranges::any_of(head.substr(0, first), control)) return tl::unexpected(400);
  std::string kept(head.substr(0, first + kLine.size()));
  head.remove_prefix(first + kLine.size());
  for (std::size_t fields = 0; head != kLine; ++fields) {
    if (fields == kMostFields) return tl::unexpected(431);
    const std::string_view line = head.substr(0, head.find(kLine));
    const std::string_view name = line.substr(0, line.find(':'));
    if (name.empty() || name.size() == line.size() || !std::ranges::all_of(name, token) ||
        std::ranges::any_of(line, control))
      return tl::unexpected(400);
    if (looked_at(small(name))) kept.append(line).append(kLine);
    head.remove_prefix(line.size() + kLine.size());
  }
  return kept.append(kLine);
}

}  // namespace sm2::dashboard
