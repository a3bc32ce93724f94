// A MIG instance: a part of a GPU. No driver measures it; its energy is modelled as the whole GPU's in proportion to
// its compute slices. What the other instances do is not known, so that the truth lies anywhere between nothing and
// the whole; error and noise say so:
//
//   joules = share * whole
//   error  = error of the whole + max(share, 1 - share) * whole     (the second part only where share < 1)
//   noise  = noise of the whole + the same
#pragma once

#include <memory>

#include "meter/domain.h"

namespace sm2::meter::nvml {

class MigDomain final : public Domain {
 public:
  // `info` is the instance's; `slices` of the `total` of the GPU, 0 < slices <= total.
  MigDomain(std::unique_ptr<Domain> whole, DomainInfo info, unsigned slices, unsigned total);

  const DomainInfo& info() const override { return info_; }
  std::unique_ptr<DomainWindow> open(const Load& load) override;
  Sampled* sampled() override { return whole_->sampled(); }
  std::optional<base::Seconds> read_within() const override { return whole_->read_within(); }

 private:
  std::unique_ptr<Domain> whole_;
  DomainInfo info_;
  unsigned slices_, total_;
};

}  // namespace sm2::meter::nvml
