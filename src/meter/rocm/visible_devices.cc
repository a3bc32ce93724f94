#include "meter/rocm/visible_devices.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>

namespace sm2::meter::rocm {
namespace {

std::string upper_case(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
  return upper;
}

std::optional<std::size_t> by_unique_id(const std::string& item,
                                        const std::vector<std::uint64_t>& unique_ids) {
  constexpr std::size_t kLeast = 5;  // "GPU-" and a digit
  std::optional<std::size_t> found;
  for (std::size_t at = 0; at < unique_ids.size() && item.size() >= kLeast; ++at) {
    if (unique_ids[at] == 0 || !fmt::format("GPU-{:016X}", unique_ids[at]).starts_with(item)) continue;
    if (found) return {};
    found = at;
  }
  return found;
}

std::optional<std::size_t> by_index(std::string_view item, std::size_t devices) {
  const bool hexadecimal = item.starts_with("0X");
  if (hexadecimal) item.remove_prefix(2);
  std::size_t index = 0;
  const auto [end, code] =
      std::from_chars(item.data(), item.data() + item.size(), index, hexadecimal ? 16 : 10);
  if (code != std::errc() || end != item.data() + item.size() || index >= devices) return {};
  return index;
}

}  // namespace

std::vector<std::size_t> visible_devices(std::string_view list,
                                         const std::vector<std::uint64_t>& unique_ids) {
  std::vector<std::size_t> visible;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string item = upper_case(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    const auto device =
        item.starts_with('G') ? by_unique_id(item, unique_ids) : by_index(item, unique_ids.size());
    if (!device || std::ranges::find(visible, *device) != visible.end()) break;
    visible.push_back(*device);
  }
  return visible;
}

}  // namespace sm2::meter::rocm
