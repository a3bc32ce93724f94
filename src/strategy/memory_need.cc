#include "strategy/memory_need.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "strategy/candidates.h"

namespace sm2::strategy {
namespace {

constexpr std::array<std::string_view, 19> kMereNumbers = {
    "learning_rate", "lr",     "min_lr",  "max_lr",        "momentum",      "weight_decay",
    "beta1",         "beta2",  "epsilon", "eps",           "dropout",       "warmup_steps",
    "warmup_ratio",  "warmup", "gamma",   "gradient_clip", "max_grad_norm", "label_smoothing",
    "seed"};

bool is_mere_number(const std::string& name) {
  return std::ranges::find(kMereNumbers, name) != kMereNumbers.end();
}

bool same_need(const std::string& name, const space::Value& a, const space::Value& b) {
  if (a == b || name == kBatchSize) return true;
  if (!is_mere_number(name) || !space::is_number(a) || !space::is_number(b)) return false;
  return (space::as_number(a) == 0) == (space::as_number(b) == 0);
}

// What one of them lacks is no difference where it is a mere number: a learning rate that is cycled has no value at first.
bool agree(const space::Configuration& some, const space::Configuration& others) {
  return std::ranges::all_of(some, [&](const auto& setting) {
    const auto other = others.find(setting.first);
    return other == others.end() ? is_mere_number(setting.first)
                                 : same_need(setting.first, setting.second, other->second);
  });
}

}  // namespace

bool needs_no_less_memory(const space::Configuration& configuration, const space::Configuration& failed) {
  const auto batch = batch_size(configuration), too_large = batch_size(failed);
  if (!batch || !too_large || *batch < *too_large) return false;
  return agree(configuration, failed) && agree(failed, configuration);
}

}  // namespace sm2::strategy
