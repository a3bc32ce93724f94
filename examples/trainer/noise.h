// The gradient noise scale S / |G|^2 in samples (McCandlish et al., arXiv 1812.06162, appendix A.1), about
// the batch size above which a larger one saves few steps. From the squared norms of the gradient over b
// samples and over the B > b of the step:
//
//   |G|^2 = (B |G_B|^2 - b |G_b|^2) / (B - b)      S = (|G_b|^2 - |G_B|^2) / (1 / b - 1 / B)
//
// Both are unbiased but noisy, and their ratio is not: each is averaged exponentially first. The averages
// start at zero; the correction for that is the same for both and falls out of the ratio.
#pragma once

#include <cstdint>
#include <optional>

namespace trainer {

struct GradientNorms {
  double small_samples = 0;  // b
  double small = 0;          // |G_b|^2, the mean over the parts of the batch that have b samples
  double whole_samples = 0;  // B
  double whole = 0;          // |G_B|^2
};

class NoiseScale {
 public:
  void add(const GradientNorms& norms);   // norms that are not finite are left out
  std::optional<double> samples() const;  // none where the averages make no positive, finite scale

  struct Averages {
    double signal = 0;    // |G|^2
    double variance = 0;  // S
  };
  const Averages& averages() const { return averages_; }
  void restore(const Averages& averages) { averages_ = averages; }

 private:
  Averages averages_;
};

}  // namespace trainer
