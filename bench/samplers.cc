// What the samplers reach on test functions whose optimum is known, and what one suggestion costs. Lines of
// JSON, for bench/peers.py, which sets them beside other tools.
//
//     samplers run FUNCTION SAMPLER SEEDS TRIALS...   regret of each seed after so many trials
//     samplers points FUNCTION COUNT                  random configurations with their values
//     samplers speed SAMPLER TRIALS                   milliseconds of ask + tell, six parameters
//     samplers list                                   the functions and the samplers
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <numbers>

#include "sampler/sampler.h"

namespace sm2 {
namespace {

using space::Configuration;

double number(const Configuration& configuration, const std::string& name) {
  return space::as_number(configuration.at(name));
}

std::string text(const Configuration& configuration, const std::string& name) {
  return std::get<std::string>(configuration.at(name));
}

double square(double x) { return x * x; }

space::Parameter real(const std::string& name, double low, double high,
                      space::Scale scale = space::Scale::kLinear) {
  return {name, space::Real{low, high, {}, scale}, {}};
}

space::Parameter whole(const std::string& name, std::int64_t low, std::int64_t high,
                       space::Scale scale = space::Scale::kLinear) {
  return {name, space::Integer{low, high, 1, scale}, {}};
}

space::Parameter when(space::Parameter parameter, const std::string& parent, const std::string& value) {
  parameter.condition = space::Condition{parent, {space::Value(value)}};
  return parameter;
}

struct Function {  // to be minimised
  std::string name;
  double optimum;
  space::Space space;
  std::function<double(const Configuration&)> value;
};

Function branin() {  // Dixon and Szego 1978
  return {"branin", 0.39788735772973816, *space::Space::make({real("x1", -5, 10), real("x2", 0, 15)}),
          [](const Configuration& at) {
            constexpr double pi = std::numbers::pi;
            const double x1 = number(at, "x1"), x2 = number(at, "x2");
            return square(x2 - 5.1 / (4 * pi * pi) * x1 * x1 + 5 / pi * x1 - 6) +
                   10 * (1 - 1 / (8 * pi)) * std::cos(x1) + 10;
          }};
}

Function hartmann6() {  // likewise
  std::vector<space::Parameter> parameters;
  for (int i = 1; i <= 6; ++i) parameters.push_back(real(fmt::format("x{}", i), 0, 1));
  return {"hartmann6", -3.32236801141551, *space::Space::make(parameters), [](const Configuration& at) {
            constexpr double kAlpha[4] = {1, 1.2, 3, 3.2};
            constexpr double kA[4][6] = {{10, 3, 17, 3.5, 1.7, 8},
                                         {0.05, 10, 17, 0.1, 8, 14},
                                         {3, 3.5, 1.7, 10, 17, 8},
                                         {17, 8, 0.05, 10, 0.1, 14}};
            constexpr double kP[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                                         {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                                         {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                                         {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
            double sum = 0;
            for (int k = 0; k < 4; ++k) {
              double away = 0;
              for (int i = 0; i < 6; ++i)
                away += kA[k][i] * square(number(at, fmt::format("x{}", i + 1)) - kP[k][i]);
              sum -= kAlpha[k] * std::exp(-away);
            }
            return sum;
          }};
}

Function rosenbrock(int dimensions) {  // Rosenbrock 1960
  std::vector<space::Parameter> parameters;
  for (int i = 1; i <= dimensions; ++i) parameters.push_back(real(fmt::format("x{}", i), -2.048, 2.048));
  return {fmt::format("rosenbrock{}", dimensions), 0, *space::Space::make(parameters),
          [dimensions](const Configuration& at) {
            double sum = 0;
            for (int i = 1; i < dimensions; ++i) {
              const double x = number(at, fmt::format("x{}", i)),
                           next = number(at, fmt::format("x{}", i + 1));
              sum += 100 * square(next - x * x) + square(1 - x);
            }
            return sum;
          }};
}

// As a network's hyperparameters may be: the best learning rate depends on the optimizer and the batch size.
Function mixed() {
  const auto log = space::Scale::kLog;
  return {
      "mixed", 0,
      *space::Space::make({real("learning_rate", 1e-5, 1, log),
                           real("momentum", 0, 1),
                           whole("layers", 1, 8),
                           whole("units", 8, 1024, log),
                           {"batch_size",
                            space::Categorical{{std::int64_t{16}, std::int64_t{32}, std::int64_t{64},
                                                std::int64_t{128}, std::int64_t{256}, std::int64_t{512}}},
                            {}},
                           {"optimizer", space::Categorical{{"sgd", "adam", "rmsprop"}}, {}}}),
      [](const Configuration& at) {
        const std::string optimizer = text(at, "optimizer");
        const double batch = std::log2(number(at, "batch_size") / 64);
        const double best_rate = (optimizer == "sgd" ? -1 : optimizer == "adam" ? -3 : -3.5) + 0.15 * batch;
        const double offset = optimizer == "sgd" ? 0.1 : optimizer == "adam" ? 0 : 0.2;
        return offset + square(std::log10(number(at, "learning_rate")) - best_rate) +
               2 * square(number(at, "momentum") - 0.7) + 0.05 * square(number(at, "layers") - 3) +
               0.1 * square(std::log2(number(at, "units") / 128)) + 0.1 * square(batch);
      }};
}

// Three models, each with parameters of its own; the best is a network, and the others have good places too.
Function conditional() {
  const auto log = space::Scale::kLog;
  return {
      "conditional", 0,
      *space::Space::make({{"model", space::Categorical{{"svm", "forest", "network"}}, {}},
                           real("regularisation", 1e-6, 1, log),
                           when(real("gamma", 1e-4, 10, log), "model", "svm"),
                           when(whole("depth", 1, 20), "model", "forest"),
                           when(whole("trees", 10, 1000, log), "model", "forest"),
                           when(real("learning_rate", 1e-5, 1, log), "model", "network"),
                           when(real("dropout", 0, 0.9), "model", "network"),
                           when({"activation", space::Categorical{{"relu", "tanh"}}, {}}, "model", "network"),
                           when(real("slope", 0, 1), "activation", "relu")}),
      [](const Configuration& at) {
        const std::string model = text(at, "model");
        const double decay = std::log10(number(at, "regularisation"));
        if (model == "svm")
          return 0.3 + 0.2 * square(decay + 2) + 0.3 * square(std::log10(number(at, "gamma")) + 1);
        if (model == "forest") {
          return 0.2 + 0.1 * square(decay + 5) + 0.01 * square(number(at, "depth") - 12) +
                 0.5 * square(std::log10(number(at, "trees") / 300));
        }
        const double trained = square(std::log10(number(at, "learning_rate")) + 2.5) +
                               3 * square(number(at, "dropout") - 0.3) + 0.1 * square(decay + 4);
        return text(at, "activation") == "tanh" ? 0.15 + trained
                                                : trained + square(number(at, "slope") - 0.2);
      }};
}

std::vector<Function> functions() {
  return {branin(), hartmann6(), rosenbrock(2), rosenbrock(3), rosenbrock(5), mixed(), conditional()};
}

Function function(const std::string& name) {
  for (Function& candidate : functions())
    if (candidate.name == name) return candidate;
  throw std::runtime_error("there is no function " + name);
}

nlohmann::json regrets(const Function& function, const std::string& name, std::uint64_t seed,
                       const std::vector<int>& trials) {
  auto sampler = sampler::make(name, function.space, seed).value();
  nlohmann::json regrets = nlohmann::json::array();
  double best = std::numeric_limits<double>::infinity();
  for (int trial = 0; trial < trials.back(); ++trial) {
    const double value = function.value(sampler->suggest(trial));
    sampler->tell(trial, {.value = -value, .resource = 1});
    best = std::min(best, value);
    if (std::ranges::find(trials, trial + 1) != trials.end()) regrets.push_back(best - function.optimum);
  }
  return regrets;
}

void run(const std::string& of, const std::string& sampler, int seeds, const std::vector<int>& trials) {
  const Function chosen = function(of);
  for (int seed = 0; seed < seeds; ++seed) {
    const nlohmann::json line = {
        {"function", of},
        {"sampler", sampler},
        {"seed", seed},
        {"trials", trials},
        {"regret", regrets(chosen, sampler, static_cast<std::uint64_t>(seed), trials)}};
    std::puts(line.dump().c_str());
  }
}

void points(const std::string& of, int count) {
  const Function chosen = function(of);
  base::Random random(1);
  for (int point = 0; point < count; ++point) {
    const Configuration at = chosen.space.sample(random);
    const nlohmann::json line = {
        {"params", space::to_json(at)}, {"value", chosen.value(at)}, {"optimum", chosen.optimum}};
    std::puts(line.dump().c_str());
  }
}

// Of the last thousand trials up to `trials`, on a space with real, whole, ordered and named parameters.
void speed(const std::string& name, int trials) {
  const Function chosen = mixed();
  auto sampler = sampler::make(name, chosen.space, 1).value();
  std::vector<double> milliseconds;
  for (int trial = 0; trial < trials; ++trial) {
    const auto start = std::chrono::steady_clock::now();
    const Configuration at = sampler->suggest(trial);
    const auto asked = std::chrono::steady_clock::now();
    const double value = chosen.value(at);
    const auto before = std::chrono::steady_clock::now();
    sampler->tell(trial, {.value = -value, .resource = 1});
    const auto taken = (asked - start) + (std::chrono::steady_clock::now() - before);
    if (trial + 1000 >= trials)
      milliseconds.push_back(std::chrono::duration<double, std::milli>(taken).count());
  }
  std::ranges::sort(milliseconds);
  const nlohmann::json line = {{"sampler", name},
                               {"trials", trials},
                               {"median_ms", milliseconds[milliseconds.size() / 2]},
                               {"p99_ms", milliseconds[milliseconds.size() * 99 / 100]}};
  std::puts(line.dump().c_str());
}

void list() {
  nlohmann::json line = {{"functions", nlohmann::json::array()}, {"samplers", sampler::names()}};
  for (const Function& each : functions()) line["functions"].push_back(each.name);
  std::puts(line.dump().c_str());
}

int main(const std::vector<std::string>& arguments) {
  const std::string verb = arguments.empty() ? "" : arguments[0];
  if (verb == "list") {
    list();
  } else if (verb == "points" && arguments.size() == 3) {
    points(arguments[1], std::stoi(arguments[2]));
  } else if (verb == "speed" && arguments.size() == 3) {
    speed(arguments[1], std::stoi(arguments[2]));
  } else if (verb == "run" && arguments.size() >= 5) {
    std::vector<int> trials;
    for (std::size_t k = 4; k < arguments.size(); ++k) trials.push_back(std::stoi(arguments[k]));
    run(arguments[1], arguments[2], std::stoi(arguments[3]), trials);
  } else {
    std::fputs(
        "usage: samplers list | points FUNCTION COUNT | speed SAMPLER TRIALS | run FUNCTION SAMPLER SEEDS "
        "TRIALS...\n",
        stderr);
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace sm2

int main(int count, char** words) { return sm2::main({words + 1, words + count}); }
