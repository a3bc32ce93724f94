#include "meter/replay/replay.h"

#include <utility>

#include "meter/replay/recording.h"

namespace sm2::meter::replay {
namespace {

using base::Seconds;

constexpr const char* kName = "replay";

class ReplayDomain final : public Domain {
 public:
  ReplayDomain(Recorded recorded, const std::string& file, const base::Clock& clock)
      : trace_(std::move(recorded.trace)), clock_(clock), discovered_(clock.monotonic()) {
    const Seconds length = trace_.end() - trace_.begin();
    info_.name = recorded.domain;
    info_.source = kName;
    info_.quality = trial::Quality::kReplayed;
    info_.part = std::string(kName) + " " + recorded.domain;
    info_.description =
        fmt::format("the recording {}, {} rows over {:g} s", file, trace_.rows(), length.value);
    info_.id = file;
    info_.resolution = length / static_cast<double>(trace_.rows() - 1);
  }

  const DomainInfo& info() const override { return info_; }
  std::unique_ptr<DomainWindow> open(const Load&) override { return std::make_unique<Window>(*this); }

 private:
  class Window final : public DomainWindow {
   public:
    explicit Window(const ReplayDomain& domain) : domain_(domain), opened_(domain.now()) {}

    trial::Reading read() override {
      const DomainInfo& info = domain_.info_;
      trial::Reading reading;
      reading.domain = info.name;
      reading.source = info.source;
      reading.quality = info.quality;
      reading.joules = domain_.trace_.joules(opened_, domain_.now());
      if (!reading.joules) reading.note = std::string(kName) + " " + info.name + ": " + why_unknown();
      return reading;
    }

   private:
    std::string why_unknown() const {
      const Trace& trace = domain_.trace_;
      if (opened_ < trace.begin()) return fmt::format("the recording begins after {} s", trace.begin().value);
      return fmt::format("the recording ended after {} s", trace.end().value);
    }

    const ReplayDomain& domain_;
    Seconds opened_;
  };

  Seconds now() const { return clock_.monotonic() - discovered_; }

  Trace trace_;
  DomainInfo info_;
  const base::Clock& clock_;
  Seconds discovered_;
};

}  // namespace

Discovery discover(const Settings&, const std::string& argument, const base::Clock& clock) {
  Discovery discovery;
  auto recording = load(argument);
  if (!recording) {
    discovery.unusable.push_back(
        {recording.error().message, "name a CSV file with the columns seconds,watts: replay:FILE"});
    return discovery;
  }
  for (Recorded& one : *recording) {
    discovery.domains.push_back(std::make_unique<ReplayDomain>(std::move(one), argument, clock));
  }
  return discovery;
}

}  // namespace sm2::meter::replay
