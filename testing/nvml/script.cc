#include "script.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <stdexcept>

namespace standin {
namespace {

const std::map<std::string, int> kCodes = {{"UNINITIALIZED", 1},
                                           {"INVALID_ARGUMENT", 2},
                                           {"NOT_SUPPORTED", 3},
                                           {"NO_PERMISSION", 4},
                                           {"NOT_FOUND", 6},
                                           {"INSUFFICIENT_SIZE", 7},
                                           {"INSUFFICIENT_POWER", 8},
                                           {"DRIVER_NOT_LOADED", 9},
                                           {"TIMEOUT", 10},
                                           {"IRQ_ISSUE", 11},
                                           {"FUNCTION_NOT_FOUND", 13},
                                           {"GPU_IS_LOST", 15},
                                           {"RESET_REQUIRED", 16},
                                           {"OPERATING_SYSTEM", 17},
                                           {"LIB_RM_VERSION_MISMATCH", 18},
                                           {"IN_USE", 19},
                                           {"UNKNOWN", 999}};

const std::vector<std::string> kArchitectures = {"",       "",       "kepler", "maxwell", "pascal",   "volta",
                                                 "turing", "ampere", "ada",    "hopper",  "blackwell"};

int code_of(const std::string& word) {
  const auto known = kCodes.find(word);
  if (known != kCodes.end()) return known->second;
  return std::stoi(word);
}

class Line {
 public:
  explicit Line(const std::string& text) : in_(text) { in_ >> keyword; }

  std::string keyword;

  std::string word() {
    std::string next;
    if (!(in_ >> next)) throw std::invalid_argument("something is missing after '" + keyword + "'");
    return next;
  }
  bool more() { return !(in_ >> std::ws).eof(); }
  double number() { return std::stod(word()); }
  unsigned natural() { return static_cast<unsigned>(std::stoul(word())); }
  std::string rest() {
    std::string text;
    std::getline(in_ >> std::ws, text);
    return text.substr(0, text.find_last_not_of(" \t\r") + 1);
  }

 private:
  std::istringstream in_;
};

Trace trace(Line& line) {
  const std::string kind = line.word();
  if (kind == "constant" || kind == "idle") return constant(line.number());
  if (kind == "points") {
    std::vector<std::pair<double, double>> at;
    while (line.more()) {
      const std::string point = line.word();
      at.emplace_back(std::stod(point), std::stod(point.substr(point.find(':') + 1)));
    }
    if (at.empty()) throw std::invalid_argument("no points");
    return points(std::move(at));
  }
  const double a = line.number(), b = line.number(), c = line.number();
  if (kind == "ramp") return ramp(a, b, c);
  const double d = line.number();
  if (kind == "square") return square(a, b, c, d);
  if (kind == "bursts") return bursts(a, b, c, d, line.more() ? line.natural() : 1);
  throw std::invalid_argument("no power trace is called '" + kind + "'");
}

Fault fault(Line& line) {
  Fault fault;
  fault.from = line.number();
  fault.function = line.word();
  fault.code = code_of(line.word());
  if (line.more() && line.word() == "until") fault.until = line.number();
  return fault;
}

std::optional<double> milliseconds_or_off(Line& line) {
  const std::string word = line.word();
  if (word == "off") return {};
  return std::stod(word) / 1000;
}

void read_counter(Line& line, Gpu& gpu) {
  const std::string word = line.word();
  if (word == "on") {
    gpu.counting = Gpu::Counting::kOn;
  } else if (word == "off") {
    gpu.counting = Gpu::Counting::kOff;
  } else if (word == "stuck") {
    gpu.counting = Gpu::Counting::kStuck;
    if (line.more()) gpu.counter_stuck = std::stoull(line.word());
  } else if (word == "wrap") {
    gpu.counting = Gpu::Counting::kWrap;
    gpu.counter_wrap = std::stoull(line.word());
  } else {
    throw std::invalid_argument("no counter is '" + word + "'");
  }
}

void read_architecture(Line& line, Gpu& gpu) {
  const std::string word = line.word();
  const auto at = std::ranges::find(kArchitectures, word);
  gpu.architecture =
      static_cast<unsigned>(at != kArchitectures.end() ? at - kArchitectures.begin() : std::stol(word));
}

void read_limits(Line& line, Gpu& gpu) {
  const auto milliwatts = [&] { return static_cast<unsigned>(std::lround(line.number() * 1000)); };
  Gpu::Limits limits{};
  limits.min = milliwatts();
  limits.max = milliwatts();
  limits.normal = milliwatts();
  limits.current = line.more() ? milliwatts() : limits.normal;
  gpu.limits = limits;
}

int works_or_code(Line& line) {
  const std::string word = line.word();
  return word == "works" ? kSuccess : code_of(word);
}

void read_mig(Line& line, Gpu& gpu) {
  Mig mig;
  mig.index = line.natural();
  mig.uuid = line.word();
  mig.slices = line.natural();
  gpu.migs.push_back(mig);
}

void read_process(Line& line, Gpu& gpu) {
  const unsigned pid = line.natural();
  gpu.processes.emplace_back(pid, line.natural());
}

using Read = void (*)(Line&, Gpu&);

const std::map<std::string, Read> kAboutGpu = {
    {"name", [](Line& line, Gpu& gpu) { gpu.name = line.rest(); }},
    {"uuid", [](Line& line, Gpu& gpu) { gpu.uuid = line.word(); }},
    {"pci", [](Line& line, Gpu& gpu) { gpu.pci = line.word(); }},
    {"architecture", read_architecture},
    {"power", [](Line& line, Gpu& gpu) { gpu.traces.push_back(trace(line)); }},
    {"counter", read_counter},
    {"counter-start", [](Line& line, Gpu& gpu) { gpu.counter_start = std::stoull(line.word()); }},
    {"counter-step", [](Line& line, Gpu& gpu) { gpu.counter_step = line.number() / 1000; }},
    {"counter-reset", [](Line& line, Gpu& gpu) { gpu.counter_resets.push_back(line.number()); }},
    {"instant", [](Line& line, Gpu& gpu) { gpu.instant = milliseconds_or_off(line); }},
    {"average", [](Line& line, Gpu& gpu) { gpu.average = milliseconds_or_off(line); }},
    {"update", [](Line& line, Gpu& gpu) { gpu.update = line.number() / 1000; }},
    {"phase", [](Line& line, Gpu& gpu) { gpu.phase = line.number() / 1000; }},
    {"limits", read_limits},
    {"set", [](Line& line, Gpu& gpu) { gpu.set = works_or_code(line); }},
    {"mig", read_mig},
    {"mig-slots", [](Line& line, Gpu& gpu) { gpu.mig_slots = line.natural(); }},
    {"process", read_process},
    {"at", [](Line& line, Gpu& gpu) { gpu.faults.push_back(fault(line)); }},
};

void read_gpu_line(Line& line, Gpu& gpu) {
  const auto read = kAboutGpu.find(line.keyword);
  if (read == kAboutGpu.end())
    throw std::invalid_argument("no statement about a GPU begins with '" + line.keyword + "'");
  read->second(line, gpu);
}

void read_line(Line& line, Script& script) {
  const std::string& word = line.keyword;
  if (word == "gpu") {
    Gpu gpu;
    const std::string n = std::to_string(script.gpus.size());
    gpu.uuid = "GPU-0000000" + n + "-0000-0000-0000-000000000000";
    gpu.pci = "00000000:0" + n + ":00.0";
    script.gpus.push_back(std::move(gpu));
  } else if (!script.gpus.empty()) {
    read_gpu_line(line, script.gpus.back());
  } else if (word == "limits-file") {
    script.limits_file = line.rest();
  } else if (word == "reload") {
    script.reloads.push_back(line.number());
  } else if (word == "at") {
    script.faults.push_back(fault(line));
  } else {
    throw std::invalid_argument("no statement about the library begins with '" + word + "'");
  }
}

}  // namespace

Script parse(std::istream& in) {
  Script script;
  std::string text;
  for (int number = 1; std::getline(in, text); ++number) {
    Line line(text.substr(0, text.find('#')));
    if (line.keyword.empty()) continue;
    try {
      read_line(line, script);
      if (line.more()) throw std::invalid_argument("'" + line.word() + "' is too much");
    } catch (const std::exception& error) {
      throw std::invalid_argument("NVML stand-in: line " + std::to_string(number) +
                                  " of the script: " + error.what());
    }
  }
  return script;
}

}  // namespace standin
