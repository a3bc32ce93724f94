#include "bench/setup.h"

#include <fmt/format.h>

#include <cstring>
#include <fstream>
#include <stdexcept>

#include "config/study_file.h"

namespace sm2::bench {

config::Spec study_of(const Wanted& wanted) {
  const std::string text =
      fmt::format(R"([study]
name = "bench"
command = ["train", "--batch-size={{batch_size}}", "--lr={{learning_rate}}"]
metric = {{ name = "accuracy", goal = "maximize" }}
resource = {{ unit = "epoch", max = {} }}
{}
[space]
batch_size = {{ low = 16, high = 512, scale = "log" }}
learning_rate = {{ low = 1e-4, high = 1.0, scale = "log" }}
[strategy]
name = "{}"
candidates = {}
eta = 4
)",
                  wanted.units, wanted.client ? "" : "pattern = 'accuracy=(?P<accuracy>[0-9.]+)'",
                  wanted.strategy, wanted.trials);
  auto spec = config::parse_study(text, "bench.toml");
  if (!spec) throw std::invalid_argument(spec.error().message);
  return *std::move(spec);
}

double resident_mb(const char* which) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(which)) return std::stod(line.substr(std::strlen(which) + 1)) * 1024 / 1e6;
  }
  return 0;
}

}  // namespace sm2::bench
