#include "testing/crash_bench.h"

#include <stdexcept>
#include <tuple>

#include "config/study_file.h"
#include "study/warm_start.h"
#include "testing/load_meter.h"
#include "testing/mortal_journal.h"
#include "testing/mortal_runner.h"

namespace sm2::testing {
namespace {

constexpr int kPatience = 100000;  // waits; a study here takes a few hundred
constexpr base::Seconds kAway{1000};
constexpr base::Joules kNothing{1e-6};
constexpr base::Seconds kFirstReading{0.1};

config::Spec parsed(const std::string& file) {
  auto spec = config::parse_study(file, "crash.toml");
  if (!spec) throw std::invalid_argument(spec.error().message + "\n" + file);
  return *std::move(spec);
}

}  // namespace

CrashBench::CrashBench(const CrashScenario& scenario) : scenario_(scenario), spec_(parsed(scenario.file)) {
  if (scenario.warm) add_earlier_study();
  journal_ = *store_.create("crash");
}

// One trial, as the programs of this study would have it.
void CrashBench::add_earlier_study() {
  const FakeProgram& program = scenario_.program;
  const space::Configuration configuration = {{"batch_size", std::int64_t{32}}};
  const double end = spec_.resource.max;
  std::vector<trial::Event> events;
  const auto add = [&](trial::EventBody body) { events.push_back({base::Seconds(1e9), std::move(body)}); };
  add(trial::Created{scenario_.file});
  add(trial::Opened{"0.1.0", "host", 1, {"load load: CPU time at one watt"}});
  add(trial::Decided{trial::Train{0, configuration, 0, end, {}, {}}});
  add(trial::Launched{});
  trial::Reading reading;
  reading.domain = reading.source = "load";
  for (double at = 1; at <= end; ++at) {
    const base::Seconds time = at * program.unit_time(configuration);
    reading.joules = program.power(configuration) * time;
    add(trial::Evaluated{0, {at, {{"accuracy", program.curve(configuration, at)}}, {reading}, time, {}}});
  }
  add(trial::Exited{0, {trial::Stopped{"enough"}, end, {}, {reading}, {}, {}}, ""});
  const auto journal = *store_.create("earlier");
  if (!journal->append(events)) throw std::logic_error("the store in memory fails");
}

SessionEnd CrashBench::run(const Session& session) {
  if (session.loses_checkpoints) disk_.lose_everything();
  Doom doom(session.dies_at);
  FakeMeter unused(clock_);
  FakeRunner programs(clock_, unused, scenario_.program, &disk_);
  MortalRunner runner(programs, doom, witness_, session.part, kPatience);
  MortalJournal journal(*journal_, doom, witness_);
  LoadMeter meter;
  config::Spec spec = spec_;
  spec.options = *study::strategy_options(spec, *journal::fold(*journal_), store_, [](const std::string&) {});
  const auto strategy = *strategy::make(spec.strategy, spec.space, spec.options);
  int looks = 0;
  const auto told = [&] {
    for (const auto& [after, request] : session.asks) {
      if (after == looks) std::ignore = requests_.ask(request);
    }
    if (doom.dead() || runner.stuck()) return 2;
    return looks++ >= session.told_after ? session.told : 0;
  };
  const auto copy = [&](const auto& from, const auto& to) -> base::Result<> {
    return doom.dead() ? base::Result<>() : disk_.copy(from, to);
  };
  const auto ignore = [](const trial::Event&, const journal::StudyState&) {};
  study::Study study({spec,
                      *strategy,
                      runner,
                      meter,
                      journal,
                      clock_,
                      "/nowhere",
                      scenario_.workers,
                      told,
                      ignore,
                      {},
                      {},
                      {},
                      nullptr,
                      copy,
                      [](const std::string&) {},
                      [] { return 0; },
                      &requests_});
  SessionEnd end{study.run()};
  end.died = doom.dead();
  end.stuck = runner.stuck();
  end.moments = doom.moments();
  end.nothing_lost = runner.end_of_session() && looks <= session.told_after;
  note_losses(end.died);
  clock_.advance(kAway);
  return end;
}

void CrashBench::note_losses(bool died) {
  for (const auto& [id, trial] : witness_.state().trials) {
    base::Joules lost = witness_.used(id) - witness_.metered(id);
    for (const Loss& known : losses_) {
      if (known.trial == id) lost -= known.joules;
    }
    const bool at_its_start =
        witness_.metered(id) <= kNothing && lost <= power_of(id) * kFirstReading + kNothing;
    if (lost > kNothing || lost < base::Joules(0) - kNothing)
      losses_.push_back({id, lost, died, at_its_start});
  }
}

base::Watts CrashBench::power_of(trial::TrialId trial) const {
  return scenario_.program.power(witness_.state().trials.at(trial).configuration);
}

}  // namespace sm2::testing
