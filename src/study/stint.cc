#include "study/stint.h"

#include <cmath>

namespace sm2::study {
namespace {

constexpr int kWarmUpSteps = 3;              // allocation, compilation and caches settle
constexpr int kLossesToDiverge = 5;          // one bad batch is no divergence
constexpr int kFailuresThatPass = 4;         // heartbeats
constexpr double kClear = 2;                 // times its noise, that an energy must be to be compared
constexpr base::Seconds kBetweenMarks{0.1};  // energy is not read at every step
constexpr base::Seconds kLongWait{1};  // for an answer; shorter ones are not worth another reading of energy
constexpr double kNoiseWeight = 0.1;   // of one estimate of the noise scale, which is very noisy

std::optional<trial::RateBounds> cycle(const trial::Train& train) {
  if (!train.schedule || !trial::runs_in_cycles(train.schedule->kind)) return {};
  return trial::RateBounds{train.schedule->low, train.schedule->high};
}

}  // namespace

Stint::Stint(const trial::Train& train, std::unique_ptr<meter::Window> window, trial::Energy before,
             base::Seconds seconds_before, const base::Clock& clock)
    : train_(train),
      window_(std::move(window)),
      before_(std::move(before)),
      seconds_before_(seconds_before),
      clock_(clock),
      started_(clock.monotonic()),
      stability_(cycle(train)) {}

void Stint::add(const trial::Step& step) {
  ++steps_;
  const base::Seconds now = this->now();
  if (step.resource) resource_ = step.resource;
  if (step.samples) samples_ = step.samples;
  if (step.loss) {
    stability_.add(*step.loss, step.learning_rate);
    losses_lost_ = std::isfinite(*step.loss) ? 0 : losses_lost_ + 1;
  }
  if (step.noise_scale) add_noise_scale(*step.noise_scale);
  if (!step.samples || !step.step || steps_ <= kWarmUpSteps) return;
  const bool tuning = tuning_ && tuning_->searching();
  if (tuning && now - tuned_ < kBetweenMarks) return;
  if (begin_ && end_ && now - end_->time < kBetweenMarks) return;
  const trial::Energy read = window_->read();
  Mark mark{*step.samples, trial::total(read), trial::noise(read), now, *step.step};
  if (mark.energy) *mark.energy -= waited_energy_;
  if (tuning) return tune(mark);
  (begin_ ? end_ : begin_) = mark;
}

void Stint::evaluated() {
  if (tuning_) tuning_->interrupt();
}

void Stint::waits(const trial::Energy& energy) {
  if (!wait_) wait_ = Wait{clock_.monotonic(), trial::total(energy)};
}

void Stint::answered() {
  if (!wait_) return;
  const base::Seconds waited = clock_.monotonic() - wait_->since;
  waited_ += waited;
  if (waited > kLongWait) {
    const auto used = trial::total(energy());
    if (used && wait_->used) waited_energy_ += *used - *wait_->used;
  }
  wait_.reset();
}

void Stint::tune(const Mark& mark) {
  tuned_ = mark.time;
  tuning_->add({mark.samples, mark.step, mark.energy, mark.time});
}

// On a log scale: an estimate is a ratio of two noisy figures, and now and then far too large.
void Stint::add_noise_scale(double noise_scale) {
  if (!std::isfinite(noise_scale) || noise_scale <= 0) return;
  const double log = std::log(noise_scale);
  log_noise_scale_ = log_noise_scale_ ? *log_noise_scale_ + kNoiseWeight * (log - *log_noise_scale_) : log;
}

std::string Stint::note() const { return tuning_ ? tuning_->failure() : ""; }

trial::Energy Stint::energy() const {
  return before_.empty() ? window_->read() : trial::add(before_, window_->read());
}

bool Stint::unread(const trial::Energy& energy) {
  if (trial::total(energy) || energy.empty()) {
    unread_ = 0;
    return false;
  }
  return ++unread_ <= kFailuresThatPass;
}

base::Seconds Stint::running_for() const { return (wait_ ? wait_->since - waited_ : now()) - started_; }

base::Seconds Stint::seconds() const { return seconds_before_ + running_for(); }

std::optional<base::Seconds> Stint::reaches(base::Seconds limit) const {
  if (wait_) return {};
  return started_ + waited_ + (limit - seconds_before_);
}

trial::Progress Stint::progress() const {
  trial::Progress progress;
  progress.samples = samples_;
  progress.loss = stability_.smoothed_loss();
  progress.stability = stability_.share();
  progress.stable_rates = stability_.stable_rates();
  if (log_noise_scale_) progress.noise_scale = std::exp(*log_noise_scale_);
  if (tuning_) progress.power_limit = tuning_->limit();
  if (!begin_ || !end_ || end_->samples <= begin_->samples) return progress;
  const double samples = end_->samples - begin_->samples;
  // Nothing to tell where the source has hardly moved.
  if (begin_->energy && end_->energy && *end_->energy - *begin_->energy > kClear * end_->noise)
    progress.joules_per_sample = (*end_->energy - *begin_->energy).value / samples;
  progress.seconds_per_sample = (end_->time - begin_->time).value / samples;
  if (end_->step > begin_->step)
    progress.samples_per_step = samples / static_cast<double>(end_->step - begin_->step);
  return progress;
}

bool Stint::diverged() const { return losses_lost_ >= kLossesToDiverge; }

std::optional<base::Seconds> Stint::probe_ends() const {
  if (!train_.probe || !begin_ || !end_ || wait_) return {};
  return begin_->time + *train_.probe + waited_;
}

}  // namespace sm2::study
