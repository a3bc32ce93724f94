// A study of many trials and workers in simulated time: study::Study itself on programs that take none, with a journal that
// forgets. A line of JSON: what it cost.
//
//     scale STRATEGY WORKERS TRIALS [UNIT]      UNIT: simulated seconds in a unit of training, 10 unless told otherwise
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "bench/programs.h"
#include "bench/setup.h"
#include "study/study.h"
#include "testing/fake_clock.h"

namespace sm2::bench {
namespace {

constexpr int kUnits = 64;

int run(const std::string& strategy_name, int workers, int trials, base::Seconds unit) {
  const config::Spec spec = study_of({strategy_name, trials, kUnits, true});
  testing::FakeClock simulated;
  Programs programs(simulated, unit, [&](base::Seconds time) { simulated.advance(time); });
  SteadyMeter meter(simulated);
  CountingJournal journal;
  const auto strategy = strategy::make(spec.strategy, spec.space, spec.options).value();
  std::size_t stretches = 0, readings = 0;
  const auto count = [&](const trial::Event& event, const journal::StudyState&) {
    stretches += std::holds_alternative<trial::Exited>(event.body);
    readings += std::holds_alternative<trial::Metered>(event.body);
  };
  study::Setup setup{spec, *strategy, programs, meter, journal, simulated, "/nowhere", workers};
  setup.observe = count;
  study::Study study(std::move(setup));
  const base::SystemClock clock;
  const base::Seconds begun = clock.monotonic();
  const auto conclusion = study.run();
  const double seconds = (clock.monotonic() - begun).value;
  if (!conclusion || conclusion->state != "finished")
    return std::fputs("the study did not finish\n", stderr), 1;
  fmt::print(
      "{{\"strategy\": \"{}\", \"workers\": {}, \"trials\": {}, \"stretches\": {}, \"readings\": {}, "
      "\"events\": {}, "
      "\"rounds\": {}, \"simulated_seconds\": {:.1f}, \"seconds\": {:.3f}, \"events_per_second\": {:.0f}, "
      "\"peak_mb\": {:.1f}}}\n",
      strategy_name, workers, study.state().trials.size(), stretches, readings, journal.events,
      journal.commits, simulated.monotonic().value, seconds, static_cast<double>(journal.events) / seconds,
      resident_mb("VmHWM"));
  return 0;
}

}  // namespace
}  // namespace sm2::bench

int main(int argc, char** argv) {
  if (argc < 4) return std::fputs("scale STRATEGY WORKERS TRIALS [UNIT]\n", stderr), 2;
  return sm2::bench::run(argv[1], std::atoi(argv[2]), std::atoi(argv[3]),
                         sm2::base::Seconds(argc > 4 ? std::atof(argv[4]) : 10));
}
