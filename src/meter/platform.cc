#include "meter/platform.h"

#include <algorithm>
#include <utility>

#include "meter/hardware.h"
#include "meter/processor.h"

namespace sm2::meter {
namespace {

class PlatformWindow final : public Window {
 public:
  void add(std::unique_ptr<DomainWindow> window, bool counted) {
    windows_.push_back({std::move(window), counted});
  }

  trial::Energy read() override {
    trial::Energy energy;
    for (const auto& [window, counted] : windows_) {
      energy.push_back(window->read());
      energy.back().counted = counted;
    }
    return energy;
  }

 private:
  struct Part {
    std::unique_ptr<DomainWindow> window;
    bool counted;
  };
  std::vector<Part> windows_;
};

}  // namespace

Platform::Platform(std::vector<std::unique_ptr<Domain>> domains, std::vector<Unusable> missing, bool threaded)
    : domains_(std::move(domains)), missing_(std::move(missing)) {
  node_ = std::ranges::any_of(domains_, [](const auto& domain) {
    return domain->info().part == kNode && domain->info().inside.empty();
  });
  std::vector<Sampled*> sampled;
  for (const auto& domain : domains_) {
    if (Sampled* one = domain->sampled()) sampled.push_back(one);
  }
  if (threaded && !sampled.empty()) sampler_ = std::make_unique<Sampler>(std::move(sampled));
}

std::unique_ptr<Window> Platform::open(Load load) {
  hold_containers(load, domains());
  auto window = std::make_unique<PlatformWindow>();
  for (const auto& domain : domains_) {
    const DomainInfo& info = domain->info();
    if (holds(load, info)) window->add(domain->open(load), counts(info));
  }
  return window;
}

bool Platform::counts(const DomainInfo& info) const {
  return info.inside.empty() && (!node_ || info.part == kNode);
}

std::vector<DomainInfo> Platform::domains() const {
  std::vector<DomainInfo> infos;
  for (const auto& domain : domains_) infos.push_back(domain->info());
  return infos;
}

std::optional<base::Seconds> Platform::read_within() const {
  std::optional<base::Seconds> least;
  for (const auto& domain : domains_) {
    const auto within = domain->read_within();
    if (within && (!least || *within < *least)) least = within;
  }
  return least;
}

std::string Platform::hardware(const Load& load) const {
  std::vector<DomainInfo> counted;
  for (const auto& domain : domains_) {
    if (holds(load, domain->info()) && counts(domain->info())) counted.push_back(domain->info());
  }
  return meter::hardware(processor_, available_processors(), counted);
}

std::map<pid_t, double> Platform::use_by_process(const std::string& name) {
  const auto found = std::ranges::find(
      domains_, name, [](const auto& domain) -> const std::string& { return domain->info().name; });
  return found == domains_.end() ? std::map<pid_t, double>() : (*found)->use_by_process();
}

}  // namespace sm2::meter
