// The least that tuning takes: a space, a strategy, and a loop of ask and tell.
#include <sm2/tuner.h>

#include <cmath>
#include <cstdio>

// Stands in for training: how large the error is after it.
double error_of(double learning_rate, std::int64_t batch_size, double momentum) {
  return std::pow(std::log10(learning_rate) + 2, 2) + static_cast<double>(batch_size) / 64 +
         (0.99 - momentum);
}

int main() {
  sm2::Space space;
  space.add("learning_rate", sm2::log_range(1e-4, 1.0))
      .add("batch_size", sm2::choice({16, 32, 64}))
      .add("optimizer", sm2::choice({"sgd", "adam"}))
      .add("momentum", sm2::range(0.8, 0.99), sm2::when("optimizer", {"sgd"}));

  sm2::Tuner tuner(space, {.strategy = "random", .seed = 1, .trials = 50, .maximize = false});
  while (auto trial = tuner.ask()) {
    tuner.tell(*trial, error_of(trial->number("learning_rate"), trial->integer("batch_size"),
                                trial->number("momentum", 0.9)));
  }

  const auto best = tuner.best();
  std::printf("trial %d has an error of %.3f\n", best->id, best->value);
}
