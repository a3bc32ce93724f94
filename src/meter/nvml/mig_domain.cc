#include "meter/nvml/mig_domain.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sm2::meter::nvml {
namespace {

class MigWindow final : public DomainWindow {
 public:
  MigWindow(const DomainInfo& info, std::unique_ptr<DomainWindow> whole, unsigned slices, unsigned total)
      : info_(info), whole_(std::move(whole)), slices_(slices), total_(total) {}

  trial::Reading read() override {
    const trial::Reading whole = whole_->read();
    trial::Reading part = whole;
    part.domain = info_.name;
    part.quality = info_.quality;
    if (!whole.joules) return part;
    const double share = static_cast<double>(slices_) / total_;
    const base::Joules others =
        slices_ < total_ ? std::max(share, 1 - share) * *whole.joules : base::Joules(0);
    part.joules = share * *whole.joules;
    if (whole.idle) part.idle = share * *whole.idle;
    part.error = whole.error + others;
    part.noise = whole.noise + others;
    part.note = fmt::format("{}: {} of the GPU's {} compute slices, and so of its energy{}{}", info_.name,
                            slices_, total_, whole.note.empty() ? "" : "; ", whole.note);
    return part;
  }

 private:
  const DomainInfo& info_;
  std::unique_ptr<DomainWindow> whole_;
  unsigned slices_, total_;
};

}  // namespace

MigDomain::MigDomain(std::unique_ptr<Domain> whole, DomainInfo info, unsigned slices, unsigned total)
    : whole_(std::move(whole)), info_(std::move(info)), slices_(slices), total_(total) {}

std::unique_ptr<DomainWindow> MigDomain::open(const Load& load) {
  return std::make_unique<MigWindow>(info_, whole_->open(load), slices_, total_);
}

}  // namespace sm2::meter::nvml
