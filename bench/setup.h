// What a study that is measured runs on, beside its programs (programs.h): its file, a meter that reads one domain at constant
// power, and a journal that counts what it passes on.
#pragma once

#include <memory>

#include "base/clock.h"
#include "config/spec.h"
#include "journal/journal.h"
#include "meter/meter.h"

namespace sm2::bench {

struct Wanted {
  std::string strategy;
  int trials = 0;
  int units = 1;       // that a trial trains at most
  bool client = true;  // programs answer; else their output is read
};

config::Spec study_of(const Wanted& wanted);

double resident_mb(const char* which);  // of this process; "VmRSS" now, "VmHWM" at most

class SteadyMeter final : public meter::Meter {
 public:
  explicit SteadyMeter(const base::Clock& clock) : clock_(clock) {}
  std::unique_ptr<meter::Window> open(meter::Load) override { return std::make_unique<Since>(clock_); }
  std::vector<meter::DomainInfo> domains() const override { return {}; }
  std::optional<base::Seconds> read_within() const override { return {}; }
  std::map<pid_t, double> use_by_process(const std::string&) override { return {}; }

 private:
  class Since final : public meter::Window {
   public:
    explicit Since(const base::Clock& clock) : clock_(clock), opened_(clock.monotonic()) {}
    trial::Energy read() override {
      const base::Joules used = base::Watts(100) * (clock_.monotonic() - opened_);
      return {{"cpu", "cpu-model", trial::Quality::kModelled, used, 0.1 * used, 0.3 * used, 0.05 * used, ""}};
    }

   private:
    const base::Clock& clock_;
    base::Seconds opened_;
  };

  const base::Clock& clock_;
};

class CountingJournal final : public journal::Journal {
 public:
  explicit CountingJournal(journal::Journal* kept = nullptr)
      : kept_(kept) {}  // null: what comes is forgotten
  base::Result<> append(std::span<const trial::Event> batch) override {
    ++commits;
    events += batch.size();
    return kept_ ? kept_->append(batch) : base::Result<>();
  }
  bool transient() const override { return kept_ && kept_->transient(); }
  base::Result<> visit_from(std::size_t first, const journal::Visitor& visitor) const override {
    return kept_ ? kept_->visit_from(first, visitor) : base::Result<>();
  }

  std::size_t commits = 0, events = 0;

 private:
  journal::Journal* kept_;
};

}  // namespace sm2::bench
