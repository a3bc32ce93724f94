// Who used what when several loads run at once: a meter whose windows are shares of another one's, and sum to it.
//
// A load that is alone is charged everything its domains use. While several are open, what a domain used since the
// last look is divided between those that hold it:
//   a device (GPU)   by each load's use of it where the driver says so, else evenly
//   the host         its idle part evenly, the rest by the CPU time of each load; evenly where none used any
// A domain that nobody else held while the load was open is read as if the load were alone.
// The error of a share is that of the whole in proportion, the whole's noise, and 20 % of what was divided: CPU time is
// no more than a hint at joules (a stated bound, docs/energy.md). The reading's note says that it is a share.
//
// Windows must not outlive the attribution. One thread.
#pragma once

#include <memory>
#include <vector>

#include "meter/meter.h"

namespace sm2::meter {

class Attribution final : public Meter {
 public:
  explicit Attribution(Meter& whole);  // which outlives it
  ~Attribution() override;

  std::unique_ptr<Window> open(Load load) override;
  std::vector<DomainInfo> domains() const override { return meter_.domains(); }
  std::optional<base::Seconds> read_within() const override { return meter_.read_within(); }
  std::string hardware(const Load& load) const override { return meter_.hardware(load); }
  std::map<pid_t, double> use_by_process(const std::string& domain) override {
    return meter_.use_by_process(domain);
  }

 private:
  struct Share;
  class ShareWindow;

  trial::Energy read(Share& share);
  void begin_afresh();
  void close(Share& share);
  void begin_dividing();
  void settle();
  void divide(const trial::Reading& before, const trial::Reading& now);
  void blur(trial::Reading& own);
  std::vector<double> weights(const DomainInfo& info, const std::vector<Share*>& holders);
  Load everybody();

  Meter& meter_;
  const std::vector<DomainInfo> infos_;
  std::vector<std::unique_ptr<Share>> shares_;
  std::unique_ptr<Window> whole_;  // while two or more were open at once
  trial::Energy opened_;           // what `whole_` read when it was opened
  trial::Energy settled_;          // what was divided so far, domain by domain
  trial::Energy latest_;           // what the last look saw, known or not
  base::Seconds closed_cpu_;       // of loads that have gone since `whole_` was opened
};

}  // namespace sm2::meter
