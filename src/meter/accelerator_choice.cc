#include "meter/accelerator_choice.h"

#include <algorithm>

#include "meter/domain.h"

namespace sm2::meter {
namespace {

using Places = std::vector<std::size_t>;

const char* hider(const Accelerator& one) {
  return one.device.vendor == trial::Vendor::kAmd ? "ROCR_VISIBLE_DEVICES" : "CUDA_VISIBLE_DEVICES";
}

template <class Meant>
Places which(const std::vector<Accelerator>& all, Meant meant) {
  Places found;
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (meant(all[at])) found.push_back(at);
  }
  return found;
}

Places named(const std::vector<Accelerator>& all, const std::string& name) {
  const std::string part = name.find(':') == std::string::npos ? "" : gpu_part(name);
  const auto stands_for = [&](const Accelerator& one) {
    const auto is = [&](const std::string& spelled) {
      return spelled == name || (!part.empty() && spelled == part);
    };
    return !name.empty() && (is(one.device.name) || is(one.device.id) || is(one.device.part) ||
                             std::ranges::any_of(one.spelled, is));
  };
  Places found = which(all, stands_for);
  const bool uuid = name.size() > 4 && (name.starts_with("GPU-") || name.starts_with("MIG-"));
  if (found.empty() && uuid)
    found = which(all, [&](const Accelerator& one) { return one.device.id.starts_with(name); });
  return found;
}

// Instances of one GPU, or one device: else the name says too little.
bool ambiguous(const std::vector<Accelerator>& all, const Places& found) {
  const auto whole = [&](std::size_t at) {
    const std::string& name = all[at].device.name;
    return name.substr(0, name.find('/'));
  };
  return std::ranges::any_of(found, [&](std::size_t at) { return whole(at) != whole(found.front()); });
}

base::Result<> check(const std::vector<Accelerator>& all, const std::string& name, const Places& found) {
  if (found.empty()) return base::fail("'{}' is no GPU here; there is {}", name, listed(all));
  if (ambiguous(all, found))
    return base::fail("'{}' is more than one GPU here; there is {}", name, listed(all));
  for (const std::size_t at : found) {
    if (!all[at].visible)
      return base::fail("'{}' is hidden by {}; leave it out of one of the two", name, hider(all[at]));
  }
  return {};
}

}  // namespace

base::Result<std::vector<Accelerator>> choose(const std::vector<Accelerator>& all,
                                              const std::vector<std::string>& use) {
  std::vector<bool> chosen(all.size());
  for (const std::string& name : use) {
    const Places found = named(all, name);
    if (const auto sound = check(all, name, found); !sound) return tl::unexpected(sound.error());
    for (const std::size_t at : found) {
      if (chosen[at]) return base::fail("'{}' names {} a second time", name, all[at].device.name);
      chosen[at] = true;
    }
  }
  std::vector<Accelerator> usable;
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (use.empty() ? all[at].visible : chosen[at]) usable.push_back(all[at]);
  }
  return usable;
}

std::string listed(const std::vector<Accelerator>& all) {
  std::string text;
  for (const Accelerator& one : all) {
    text += fmt::format("{}{} {} ({}){}", text.empty() ? "" : ", ", one.device.name, one.device.id, one.model,
                        one.visible ? "" : fmt::format(", hidden by {}", hider(one)));
  }
  return text.empty() ? "none" : text;
}

}  // namespace sm2::meter
