// What the client library takes of a training program's processor time, beneath a tuner that answers at once: microseconds
// of a step report with its learning rate, and of an evaluation. Started by bench/trainers.py, which plays the tuner.
#include <sm2/client.h>
#include <sys/resource.h>

#include <cstdint>
#include <cstdio>

namespace {

constexpr int kSteps = 50, kEpochs = 1'000;

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

int main() {
  auto trial = sm2::Trial::join({static_cast<double>(kSteps)});
  double reporting = 0, evaluating = 0;
  std::int64_t step = 0;
  // An evaluation waits for the tuner, so that it has read all reports: none is left out.
  for (int epoch = 1; epoch <= kEpochs; ++epoch) {
    const double begun = cpu_seconds();
    while (step < kSteps * epoch) {
      const double rate = trial.learning_rate(++step, 0.05);
      trial.report(
          {step, 64 * step, static_cast<double>(step) / kSteps, 1.0 / static_cast<double>(step), rate});
    }
    const double reported = cpu_seconds();
    trial.evaluate(epoch, {{"val_accuracy", 0.5}, {"val_loss", 1.0}});
    reporting += reported - begun;
    evaluating += cpu_seconds() - reported;
  }
  std::printf("%.3f %.3f\n", 1e6 * reporting / kEpochs / kSteps, 1e6 * evaluating / kEpochs);
}
