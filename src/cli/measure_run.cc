#include "cli/measure_run.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <sstream>

#include "runner/foreground.h"
#include "runner/launch.h"

namespace sm2::cli {
namespace {

using base::Seconds;

constexpr Seconds kPatience{1};  // between looks, so that a counter that stops is seen

// Whether there is such a file, on the PATH where the name has no slash.
bool exists(const std::string& name) {
  if (name.find('/') != std::string::npos) return access(name.c_str(), F_OK) == 0;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((folder.empty() ? name : folder + "/" + name).c_str(), F_OK) == 0) return true;
  }
  return false;
}

tl::unexpected<NotStarted> not_started(const std::vector<std::string>& command, const base::Error& error) {
  return tl::unexpected(NotStarted{exists(command.front()) ? 126 : 127, error.message});
}

// When the next reading is due: for the watcher, and before a counter may wrap unseen.
class Deadlines {
 public:
  Deadlines(Seconds within, const std::optional<Watch>& watch) : within_(within), watch_(watch) {}

  Seconds wait(Seconds since_start) const {
    const Seconds next = watch_ ? std::min(read_by_, count_ * watch_->interval) : read_by_;
    return std::max(Seconds(0), next - since_start);
  }

  void read(Seconds since_start, meter::Window& window) {
    const trial::Energy energy = window.read();
    read_by_ = since_start + within_;
    if (!watch_ || since_start < count_ * watch_->interval) return;
    watch_->tick(since_start, energy);
    count_ = std::max(count_, std::floor(since_start / watch_->interval)) + 1;
  }

 private:
  Seconds within_;
  const std::optional<Watch>& watch_;
  Seconds read_by_ = within_;
  double count_ = 1;  // of the interval that ends next
};

}  // namespace

tl::expected<void, NotStarted> check_command(const std::vector<std::string>& command) {
  if (const auto can = runner::check_program(command, {}); !can) return not_started(command, can.error());
  return {};
}

tl::expected<Measurement, NotStarted> run(const std::vector<std::string>& command, meter::Meter& meter,
                                          const base::Clock& clock, const std::optional<Watch>& watch,
                                          const KeptSignals& kept) {
  std::unique_ptr<runner::Foreground> process;
  meter::Load load;
  load.cpu_time = [&process] { return process ? process->cpu_time() : std::nullopt; };
  load.processes = [] { return std::vector<pid_t>(); };  // it is charged all of every device
  const auto window = meter.open(std::move(load));
  const Seconds start = clock.monotonic();
  auto started = runner::Foreground::start(command);
  if (!started) return not_started(command, started.error());
  process = *std::move(started);
  kept.pass_on();
  Deadlines deadlines(std::min(kPatience, meter.read_within().value_or(kPatience)), watch);
  std::optional<int> status;
  while (!(status = process->wait(deadlines.wait(clock.monotonic() - start))))
    deadlines.read(clock.monotonic() - start, *window);

  Measurement measurement;
  measurement.time = clock.monotonic() - start;
  measurement.energy = window->read();
  measurement.cpu_time = process->cpu_time();
  measurement.command = command;
  if (WIFSIGNALED(*status)) measurement.signal = WTERMSIG(*status);
  measurement.exit = measurement.signal ? 128 + *measurement.signal : WEXITSTATUS(*status);
  return measurement;
}

}  // namespace sm2::cli
