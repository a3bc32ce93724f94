// Several trials at a time in one thread, joules that the caller measured, a failure, and checkpoints of the caller's own.
#include <sm2/tuner.h>

#include <cstdio>
#include <map>
#include <vector>

struct Training {  // stands in for a run on a device with a meter
  double accuracy = 0;
  double joules = 0;
  bool out_of_memory = false;
};

Training train(std::int64_t batch_size, double from, double until) {
  const double epochs = until - from;
  const auto size = static_cast<double>(batch_size);
  return {until / (until + size / 256), epochs * (40 + 2000 / size), batch_size > 512};
}

int main() {
  sm2::Space space;
  space.add("batch_size", sm2::choice({64, 128, 256, 512, 1024}));
  sm2::Tuner tuner(space, {.strategy = "sm2-classic", .resource_max = 16, .energy = 0.5});

  std::map<int, double> checkpoints;  // by trial: where it stands
  while (!tuner.finished()) {
    std::vector<sm2::Tuner::Trial> batch;
    while (batch.size() < 4) {
      auto trial = tuner.try_ask();
      if (!trial) break;
      batch.push_back(std::move(*trial));
    }
    for (sm2::Tuner::Trial& trial : batch) {
      const Training done = train(trial.integer("batch_size"), checkpoints[trial.id()], trial.until());
      checkpoints[trial.id()] = trial.until();
      const sm2::Used used{.joules = done.joules, .joules_error = 0.02 * done.joules};
      if (done.out_of_memory) {
        tuner.fail(trial, "out of memory", used);
      } else {
        tuner.tell(trial, done.accuracy, used);
      }
    }
  }

  for (const sm2::TrialRecord& trial : tuner.trials()) {
    std::printf("batch size %4lld: %7.1f J  %s\n",
                static_cast<long long>(std::get<std::int64_t>(trial.parameters.at("batch_size"))),
                trial.joules.value_or(0), trial.reason.c_str());
  }
  std::printf("%.1f J in all; trial %d is the choice\n", tuner.joules().value_or(0), tuner.best()->id);
}
