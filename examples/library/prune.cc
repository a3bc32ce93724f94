// A function is tuned in this process, four calls at a time. It reports as it trains, and returns when it is told to: most
// trials are given up early. What it leaves in state() is there again when a trial is trained on.
#include <sm2/tuner.h>

#include <cmath>
#include <cstdio>

struct Model {  // stands in for one: its accuracy rises towards a ceiling that depends on the learning rate
  double accuracy = 0;

  void train_one_epoch(double learning_rate) {
    const double ceiling = 0.95 - 0.1 * std::pow(std::log10(learning_rate) + 1, 2);
    accuracy += 0.3 * (ceiling - accuracy);
  }
};

int main() {
  sm2::Space space;
  space.add("learning_rate", sm2::log_range(1e-4, 1.0));

  const auto train = [](sm2::Tuner::Trial& trial) {
    Model model;
    if (trial.from() > 0) model = std::any_cast<Model>(trial.state());
    for (int epoch = static_cast<int>(trial.from()) + 1;; ++epoch) {
      model.train_one_epoch(trial.number("learning_rate"));
      trial.state() = model;
      if (!trial.report(epoch, model.accuracy)) return;
    }
  };

  const sm2::Result result = sm2::tune(
      train, space,
      {.strategy = "successive-halving", .seed = 1, .trials = 32, .resource_max = 32, .workers = 4});

  double epochs = 0;
  for (const sm2::TrialRecord& trial : result.trials) epochs += trial.resource;
  std::printf("accuracy %.3f with a learning rate of %.4f, after %.0f epochs instead of %d\n",
              result.best->value, std::get<double>(result.best->parameters.at("learning_rate")), epochs,
              32 * 32);
}
