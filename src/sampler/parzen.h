// A Parzen density over a space: a mixture of kernels, one around each row, and of the uniform distribution,
//     p(x) = (w_0 u(x) + sum_k w_k prod_i K_i(x_i; row_k,i)) / (w_0 + sum_k w_k),  i over active parameters.
// K_i on a real axis is a Gaussian cut to [0, 1]; on an ordered one the mass that this Gaussian has in a
// cell; on a named one 1 for the row's own choice and `width` for every one, normalised. Where row_k lacks
// parameter i, K_i is uniform, so that rows of other branches of a conditional space say something of the
// parameters that they share, and the mixture is a proper density over the whole tree (multivariate kernels:
// Falkner et al. 2018, arXiv 1807.01774; the kinds of kernels: Watanabe 2023, arXiv 2304.11127, section 3.3).
#pragma once

#include <span>

#include "base/random.h"
#include "sampler/coordinates.h"

namespace sm2::sampler {

class Parzen {
 public:
  // `coordinates` must outlive this.
  explicit Parzen(const Coordinates& coordinates);

  std::size_t size() const { return size_; }
  void add(const Row& row);
  // One for each axis: the standard deviation, in units; of a named axis the weight of every choice.
  void set_widths(const Row& widths);

  struct Weights {
    double uniform = 1;            // w_0
    std::size_t first = 0;         // rows before this one have no weight
    std::span<const double> rows;  // of those from `first` on
  };

  space::Configuration sample(const Weights& weights, base::Random& random) const;
  // ln p(x), but for the normalisation by the sum of weights, which is the same for every x.
  double log_density(const Row& point, const Weights& weights) const;

 private:
  struct Column {                       // one axis of all rows
    std::vector<double> at;             // real axis: the mean; 0 where the row lacks the parameter
    std::vector<double> inverse_width;  // likewise
    std::vector<double> log_peak;       // likewise: ln of the kernel's density at its mean
    std::vector<std::uint32_t>
        place;                     // other axes: of the row's value; one past the last where it is lacking
    std::vector<double> log_mass;  // other axes, [value][place of the row's value]
    double width = 0;
  };

  void set_width(std::size_t axis, double width);
  void add_real(Column& column, double coordinate) const;
  double draw(std::size_t axis, std::size_t row, base::Random& random) const;
  double draw_uniform(const Axis& axis, base::Random& random) const;

  const Coordinates* coordinates_;
  std::vector<Column> columns_;
  std::size_t size_ = 0;
};

}  // namespace sm2::sampler
