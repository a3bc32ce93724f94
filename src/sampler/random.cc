// `random`: independent draws, uniform on each parameter's scale (Bergstra and Bengio 2012, JMLR 13).
#include "base/random.h"

#include "sampler/table.h"

namespace sm2::sampler {
namespace {

class Random final : public Sampler {
 public:
  Random(space::Space space, std::uint64_t seed) : space_(std::move(space)), random_(seed) {}

  space::Configuration suggest(int) override { return space_.sample(random_); }
  void tell(int, const Observation&) override {}

 private:
  space::Space space_;
  base::Random random_;
};

}  // namespace

std::unique_ptr<Sampler> make_random(const space::Space& space, std::uint64_t seed) {
  return std::make_unique<Random>(space, seed);
}

}  // namespace sm2::sampler
