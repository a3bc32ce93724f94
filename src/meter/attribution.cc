#include "meter/attribution.h"

#include <algorithm>
#include <numeric>
#include <ranges>
#include <set>
#include <utility>

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;

constexpr double kDivision = 0.2;  // of what was divided: the stated bound of a share

trial::Reading* find(trial::Energy& energy, const trial::Reading& like) {
  const auto found = std::ranges::find_if(energy, [&](const trial::Reading& reading) {
    return reading.domain == like.domain && reading.source == like.source;
  });
  return found == energy.end() ? nullptr : &*found;
}

}  // namespace

struct Attribution::Share {
  Load load;
  std::unique_ptr<Window> own;   // everything its domains use, as if it were alone
  bool divided = false;          // somebody else was there, too
  std::set<std::string> common;  // domains that somebody else held at the same time
  trial::Energy energy;          // of a divided one: what it was charged so far
  Seconds cpu_before;            // its CPU time when dividing began
  Seconds cpu_settled;           // at the last look

  Seconds cpu() const {
    const auto now = load.cpu_time ? load.cpu_time() : std::nullopt;
    return std::max(cpu_settled, now.value_or(cpu_settled));
  }
};

class Attribution::ShareWindow final : public Window {
 public:
  ShareWindow(Attribution& attribution, Share& share) : attribution_(attribution), share_(share) {}
  ~ShareWindow() override { attribution_.close(share_); }
  trial::Energy read() override { return attribution_.read(share_); }

 private:
  Attribution& attribution_;
  Share& share_;
};

Attribution::Attribution(Meter& whole) : meter_(whole), infos_(whole.domains()) {}

Attribution::~Attribution() = default;

std::unique_ptr<Window> Attribution::open(Load load) {
  settle();
  hold_containers(load, infos_);
  auto share = std::make_unique<Share>();
  share->load = load;
  share->own = meter_.open(std::move(load));
  for (const DomainInfo& info : infos_) {
    for (const auto& other : shares_) {
      if (!holds(other->load, info) || !holds(share->load, info)) continue;
      other->common.insert(info.name);
      share->common.insert(info.name);
    }
  }
  shares_.push_back(std::move(share));
  if (shares_.size() > 1) begin_dividing();
  return std::make_unique<ShareWindow>(*this, *shares_.back());
}

// From now on nobody that is open has everything to itself.
void Attribution::begin_dividing() {
  for (const auto& share : shares_) {
    if (std::exchange(share->divided, true)) continue;
    share->energy = share->own->read();
    share->cpu_settled = share->cpu_before = share->cpu();
  }
  const bool lost =
      std::ranges::any_of(latest_, [](const trial::Reading& reading) { return !reading.joules; });
  if (!whole_ || lost) begin_afresh();
}

// What cannot be read now stays unknown for those that were open; whoever comes later is none the worse.
void Attribution::begin_afresh() {
  for (const trial::Reading& reading : latest_) {
    if (reading.joules) continue;
    for (const auto& share : shares_ | std::views::take(shares_.size() - 1)) {
      trial::Reading* own = find(share->energy, reading);
      if (!own) continue;
      own->joules.reset();
      own->note = reading.note;
    }
  }
  closed_cpu_ = Seconds(0);
  for (const auto& share : shares_) {
    share->cpu_settled = share->cpu_before = share->cpu();
    for (const trial::Reading& reading : latest_) {
      trial::Reading* own = find(share->energy, reading);
      if (!own) continue;
      blur(*own);
    }
  }
  whole_ = meter_.open(everybody());
  opened_ = latest_ = settled_ = whole_->read();
}

Load Attribution::everybody() {
  Load all;
  all.cpu_time = [this]() -> std::optional<Seconds> {
    Seconds sum = closed_cpu_;
    for (const auto& share : shares_) sum += share->cpu() - share->cpu_before;
    return sum;
  };
  all.processes = [this] {
    std::vector<pid_t> processes;
    for (const auto& share : shares_) {
      if (!share->load.processes) continue;
      for (const pid_t pid : share->load.processes()) processes.push_back(pid);
    }
    return processes;
  };
  return all;
}

// The noise that a window has however short it is.
void Attribution::blur(trial::Reading& own) {
  const trial::Reading* opened = find(opened_, own);
  if (!opened) return;
  own.noise += opened->noise;
  own.error += opened->noise;
}

trial::Energy Attribution::read(Share& share) {
  if (!share.divided) return share.own->read();
  settle();
  trial::Energy energy = share.energy, own = share.own->read();
  for (trial::Reading& reading : energy) {
    if (const trial::Reading* mine = find(own, reading); mine && !share.common.contains(reading.domain)) {
      reading = *mine;
      continue;
    }
    const trial::Reading* whole = find(latest_, reading);
    if (!whole || !reading.joules) continue;
    if (whole->joules) {
      blur(reading);
    } else {
      reading.joules.reset();
      reading.note = whole->note;
    }
  }
  return energy;
}

void Attribution::close(Share& share) {
  settle();
  closed_cpu_ += share.cpu_settled - share.cpu_before;
  std::erase_if(shares_, [&](const auto& other) { return other.get() == &share; });
  if (!shares_.empty()) return;
  whole_.reset();
  latest_.clear();
}

// Charges what was used since the last look.
void Attribution::settle() {
  if (!whole_) return;
  latest_ = whole_->read();
  for (const trial::Reading& reading : latest_) {
    trial::Reading* before = find(settled_, reading);
    if (!before || !reading.joules) continue;
    if (before->joules) divide(*before, reading);
    *before = reading;
  }
  for (const auto& share : shares_) share->cpu_settled = share->cpu();
}

void Attribution::divide(const trial::Reading& before, const trial::Reading& now) {
  const auto info = std::ranges::find_if(
      infos_, [&](const DomainInfo& one) { return one.name == now.domain && one.source == now.source; });
  std::vector<Share*> holders;
  for (const auto& share : shares_) {
    if (info == infos_.end() || holds(share->load, *info)) holders.push_back(share.get());
  }
  if (holders.empty()) return;
  const Joules used = std::max(Joules(0), *now.joules - *before.joules);
  const Joules idle =
      now.idle && before.idle ? std::clamp(*now.idle - *before.idle, Joules(0), used) : Joules(0);
  const auto shares = weights(info == infos_.end() ? DomainInfo{} : *info, holders);
  const double relative =
      *now.joules > Joules(0) ? std::max(Joules(0), now.error - now.noise) / *now.joules : 0;
  // Noise that grows with the energy is shared like it.
  const double growing = used > Joules(0) ? std::max(Joules(0), now.noise - before.noise) / used : 0;
  for (std::size_t at = 0; at < holders.size(); ++at) {
    trial::Reading* own = find(holders[at]->energy, now);
    if (!own || !own->joules) continue;
    const Joules even = idle / static_cast<double>(holders.size());
    const Joules share = even + shares[at] * (used - idle);
    *own->joules += share;
    if (own->idle) *own->idle += even;
    own->error += relative * share + growing * share;
    own->noise += growing * share;
    if (holders.size() > 1) {
      own->error += kDivision * share;
      own->note = own->domain + ": a share, divided between trials that ran at once";
    }
  }
}

std::vector<double> Attribution::weights(const DomainInfo& info, const std::vector<Share*>& holders) {
  std::vector<double> use;
  const bool host = !is_device(info.part);
  const auto by_process = host ? std::map<pid_t, double>() : meter_.use_by_process(info.name);
  for (const Share* share : holders) {
    double used = host ? (share->cpu() - share->cpu_settled).value : 0;
    if (!host && !by_process.empty() && share->load.processes) {
      for (const pid_t pid : share->load.processes()) {
        const auto found = by_process.find(pid);
        if (found != by_process.end()) used += found->second;
      }
    }
    use.push_back(used);
  }
  const double sum = std::accumulate(use.begin(), use.end(), 0.0);
  for (double& share : use) share = sum > 0 ? share / sum : 1 / static_cast<double>(use.size());
  return use;
}

}  // namespace sm2::meter
