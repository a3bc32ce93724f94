#include "dashboard/target.h"

#include <charconv>

namespace sm2::dashboard {
namespace {

std::optional<std::string> decode(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded += text[at];
      continue;
    }
    if (text.size() - at < 3) return {};
    unsigned value = 0;
    const char* digits = text.data() + at + 1;
    const auto read = std::from_chars(digits, digits + 2, value, 16);
    if (read.ptr != digits + 2 || read.ec != std::errc()) return {};
    decoded += static_cast<char>(value);
    at += 2;
  }
  return decoded;
}

// Calls part(text) for everything between separators; false as soon as one of them is.
template <class Part>
bool split(std::string_view text, char separator, Part part) {
  for (;;) {
    const std::size_t end = text.find(separator);
    if (!part(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
  if (!text.starts_with('/')) return {};
  const std::size_t mark = text.find('?');
  Target target;
  const auto add_part = [&](std::string_view part) {
    auto decoded = decode(part);
    if (decoded) target.path.push_back(*std::move(decoded));
    return decoded.has_value();
  };
  const auto add_pair = [&](std::string_view pair) {
    const std::size_t equals = pair.find('=');
    const auto name = decode(pair.substr(0, equals));
    const auto value = decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    if (name && value && !name->empty()) target.query.emplace(*name, *value);
    return name && value;
  };
  const std::string_view path = text.substr(1, mark == std::string_view::npos ? mark : mark - 1);
  if (!path.empty() && !split(path, '/', add_part)) return {};
  if (mark != std::string_view::npos && !split(text.substr(mark + 1), '&', add_pair)) return {};
  return target;
}

}  // namespace sm2::dashboard
