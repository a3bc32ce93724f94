#include "meter/command/program_meter.h"

#include <cmath>

#include "base/units.h"

namespace sm2::meter::command {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

constexpr Seconds kMeanOver{1};  // at least: over less a counter's steps are all that shows
constexpr std::string_view kWanted =
    "it has to print one line, a power such as \"123.4 W\" or what a counter shows such as \"4512 J\" or "
    "\"1.25 kWh\"";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string line(text.substr(0, kMost));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  }
  return text.size() > kMost ? line + "..." : line;
}

// "1.25 kWh" -> "0.01 kWh": what the last digit stands for.
Joules last_digit(std::string_view text) {
  bool point = false;
  int decimals = 0;
  std::size_t at = 0;
  for (; at < text.size() && (text[at] == '.' || (text[at] >= '0' && text[at] <= '9')); ++at) {
    if (text[at] == '.') {
      point = true;
    } else if (point) {
      ++decimals;
    }
  }
  const auto one = base::parse_energy("1" + std::string(text.substr(at)));
  return one ? *one * std::pow(10.0, -decimals) : Joules(0);
}

}  // namespace

base::Result<Answer> parse(std::string_view output) {
  const std::string_view line = trimmed(output);
  if (line.empty()) return base::fail("printed nothing; {}", kWanted);
  if (line.find_first_of("\r\n") != std::string_view::npos)
    return base::fail("printed several lines; {}", kWanted);
  if (const auto power = base::parse_power(line)) {
    if (*power < Watts(0)) return base::fail("printed a negative power, '{}'", shown(line));
    return Answer(*power);
  }
  if (const auto energy = base::parse_energy(line)) {
    if (*energy < Joules(0)) return base::fail("printed a negative energy, '{}'", shown(line));
    return Answer(Counted{*energy, last_digit(line)});
  }
  return base::fail("printed '{}'; {}", shown(line), kWanted);
}

base::Result<ProgramMeter::First> ProgramMeter::first() {
  const std::lock_guard lock(mutex_);
  const Seconds start = clock_.monotonic();
  ask();
  return last_->map([&](const Answer& answer) { return First{answer, rests_since_ - start}; });
}

base::Result<Watts> ProgramMeter::power(Seconds period) {
  const auto got = answer(period);
  if (!got) return tl::unexpected(got.error());
  if (const auto* watts = std::get_if<Watts>(&*got)) return *watts;
  return base::fail("'{}' printed an energy where it printed a power before", name_);
}

base::Result<Counted> ProgramMeter::counted(Seconds period) {
  const auto got = answer(period);
  if (!got) return tl::unexpected(got.error());
  if (const auto* energy = std::get_if<Counted>(&*got)) return *energy;
  return base::fail("'{}' printed a power where it printed an energy before", name_);
}

std::optional<Watts> ProgramMeter::mean_power() const {
  const std::lock_guard lock(mutex_);
  return mean_;
}

base::Result<Answer> ProgramMeter::answer(Seconds period) {
  const std::lock_guard lock(mutex_);
  if (!last_ || clock_.monotonic() - rests_since_ >= period) ask();
  return *last_;
}

void ProgramMeter::ask() {
  last_ = run_().and_then([this](const std::string& output) {
    return parse(output).map_error([this](const base::Error& error) {
      return base::Error{fmt::format("'{}' {}", name_, error.message)};
    });
  });
  rests_since_ = clock_.monotonic();
  if (*last_) note_mean(**last_);
}

void ProgramMeter::note_mean(const Answer& answer) {
  const auto* energy = std::get_if<Counted>(&answer);
  if (!energy) return;
  const Seconds now = clock_.monotonic();
  if (counted_ && energy->joules >= counted_->joules) {
    if (now - counted_at_ < kMeanOver) return;
    mean_ = (energy->joules - counted_->joules) / (now - counted_at_);
  } else {
    mean_.reset();
  }
  counted_ = *energy;
  counted_at_ = now;
}

}  // namespace sm2::meter::command
