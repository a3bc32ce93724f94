// Studies made by hand for tests of what people read: events in order, with time and energy that grow by
// themselves. Nothing here runs a strategy.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "config/spec.h"
#include "journal/state.h"

namespace sm2::testing {

class SampleStudy {
 public:
  explicit SampleStudy(std::string name = "fashion-cnn") {
    spec.name = std::move(name);
    spec.command = {"./train", "--batch-size={batch_size}", "--lr={learning_rate}"};
    spec.metric = {"val_accuracy", config::Goal::kMaximize, {}};
    spec.resource = {"epoch", 1, 20};
    spec.strategy = "sm2-classic";
    spec.options.seed = 1;
    spec.text = "[study]\nname = \"" + spec.name + "\"\n";
    spec.space =
        space::Space::make({{"batch_size", space::Categorical{{std::int64_t{64}, std::int64_t{512}}}, {}},
                            {"learning_rate", space::Real{1e-4, 1, {}, space::Scale::kLog}, {}}})
            .value();
    add(trial::Created{spec.text});
    add(trial::Opened{"0.1.0", "host-a", 4711, {"cpu-model: CPU time times a power curve, modelled"}});
  }

  static space::Configuration configuration(std::int64_t batch_size, double learning_rate) {
    return {{"batch_size", batch_size}, {"learning_rate", learning_rate}};
  }

  static trial::Energy energy(double joules, double error_share = 0.5) {
    return {{"cpu", "cpu-model", trial::Quality::kModelled, base::Joules(joules), base::Joules(0.2 * joules),
             base::Joules(error_share * joules), base::Joules(0.05 * joules), ""}};
  }
  static trial::Energy unknown_energy(std::string why = "permission denied") {
    return {{"package-0", "rapl", trial::Quality::kMeasured, {}, {}, {}, {}, std::move(why)}};
  }

  void train(int trial, space::Configuration configuration, int rung, double until) {
    add(trial::Decided{trial::Train{trial, std::move(configuration), rung, until, {}, {}}});
    add(trial::Launched{trial, {}});
  }
  void evaluate(int trial, double resource, double metric, trial::Energy used) {
    const base::Seconds seconds(resource * 10);
    add(trial::Evaluated{trial, {resource, {{spec.metric.name, metric}}, std::move(used), seconds, {}}});
  }
  void exit(int trial, trial::Outcome outcome, trial::Energy used, std::string note = "") {
    add(trial::Exited{
        trial,
        {std::move(outcome), state.trials[trial].resource, {}, std::move(used), base::Seconds(20), {}},
        std::move(note)});
  }
  void drop(int trial, std::string reason, space::Configuration untrained = {}) {
    const auto known = state.trials.find(trial);
    if (known != state.trials.end()) untrained = known->second.configuration;
    add(trial::Decided{trial::Drop{trial, std::move(untrained), std::move(reason)}});
  }
  void close(std::string how, std::optional<int> winner, std::string reason = "") {
    add(trial::Closed{std::move(how), std::move(reason), winner});
  }
  void add(trial::EventBody body, double seconds = 1) {
    time += seconds;
    events.push_back({base::Seconds(time), std::move(body)});
    state.apply(events.back());
  }

  config::Spec spec;
  journal::StudyState state;
  std::vector<trial::Event> events;
  double time = 1.75e9;
};

// Three trials: 0 wins after two stretches, 1 is dropped, 2 fails.
inline SampleStudy decided_study() {
  SampleStudy study;
  const auto config = &SampleStudy::configuration;
  study.train(0, config(64, 0.01), 0, 1);
  study.evaluate(0, 1, 0.8, SampleStudy::energy(100));
  study.exit(0, trial::Paused{}, SampleStudy::energy(102));
  study.train(1, config(512, 0.5), 0, 1);
  study.evaluate(1, 1, 0.6, SampleStudy::energy(80));
  study.exit(1, trial::Paused{}, SampleStudy::energy(80));
  study.train(2, config(512, 1), 0, 1);
  study.evaluate(2, 1, std::nan(""), SampleStudy::energy(20));
  study.exit(2, trial::Diverged{"loss is NaN at step 31"}, SampleStudy::energy(20));
  study.drop(1, "rung 0: objective 0.81 against 0.12 of the last one kept");
  study.train(0, config(64, 0.01), 1, 2);
  study.evaluate(0, 2, 0.9, SampleStudy::energy(200));
  study.exit(0, trial::Completed{}, SampleStudy::energy(200));
  study.add(trial::Decided{trial::Finish{0, "one is left"}});
  study.close("finished", 0, "one is left");
  return study;
}

}  // namespace sm2::testing
