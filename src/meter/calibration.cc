#include "meter/calibration.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "base/units.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

constexpr Seconds kIdleTime{3}, kBusyTime{2};
constexpr double kOtherWork = 0.05;

Seconds own_cpu_time() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return Seconds(static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                 1e-6 * static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec));
}

// Never ends early; the result keeps the compiler from leaving the work out.
double spin(std::chrono::steady_clock::time_point until) {
  double x = 1;
  while (std::chrono::steady_clock::now() < until) {
    for (int i = 0; i < 10'000; ++i) x = x * 1.0000001 + 1e-9;
  }
  return x;
}

// What the measured processor domains used, and how far off they may be.
struct Reference {
  Joules joules;
  double relative_error = 0;
  std::set<std::string> sources;
};

base::Result<Reference> read(Window& window, const std::vector<DomainInfo>& infos) {
  Reference sum;
  for (const trial::Reading& reading : window.read()) {
    const auto info = std::ranges::find_if(infos, [&](const DomainInfo& one) {
      return one.name == reading.domain && one.source == reading.source;
    });
    if (info == infos.end() || info->part != kProcessors || !reading.counted ||
        reading.quality != trial::Quality::kMeasured) {
      continue;
    }
    if (!reading.joules) return base::fail("{}", reading.note);
    sum.joules += *reading.joules;
    sum.relative_error = std::max(sum.relative_error, info->relative_error);
    sum.sources.insert(reading.source);
  }
  if (sum.sources.empty()) return base::fail("no source measures the processors here");
  return sum;
}

std::vector<int> loads(int processors) {
  std::vector<int> threads = {0, 1};
  if (processors > 3) threads.push_back(processors / 2);
  if (processors > 1) threads.push_back(processors);
  return threads;
}

}  // namespace

base::Result<PowerCurve> fit(const std::vector<LoadPoint>& points, int processors, double reference_error) {
  std::optional<Watts> idle;
  double n = 0, sum_k = 0, sum_p = 0, sum_kk = 0, sum_kp = 0;
  for (const LoadPoint& point : points) {
    if (point.busy < 0.5) {
      idle = point.power;
      continue;
    }
    const double above = (point.power - idle.value_or(Watts(0))).value;
    n += 1, sum_k += point.busy, sum_p += above, sum_kk += point.busy * point.busy,
        sum_kp += point.busy * above;
  }
  if (!idle || n == 0) return base::fail("a curve needs power without load, measured first, and with load");
  const double spread = n * sum_kk - sum_k * sum_k;
  double core = spread > 1e-9 ? (n * sum_kp - sum_k * sum_p) / spread : sum_p / sum_k;
  double package = spread > 1e-9 ? (sum_p - core * sum_k) / n : 0;
  if (package < 0) package = 0, core = sum_kp / sum_kk;
  if (!(core > 0)) return base::fail("the source shows no more power under load than without");
  PowerCurve curve;
  curve.idle = *idle / processors;
  curve.busy = curve.idle + Watts(core);
  curve.package = Watts(package);
  double residual = 0;
  for (const LoadPoint& point : points) {
    if (point.busy < 0.5) continue;
    const double modelled = idle->value + package + core * point.busy;
    residual = std::max(residual, std::abs(modelled - point.power.value) / point.power.value);
  }
  curve.relative_error = reference_error + residual + kOtherWork;
  return curve;
}

Seconds work(int threads, Seconds time) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::nanoseconds>(
                                                            std::chrono::duration<double>(time.value));
  const Seconds before = own_cpu_time();
  std::atomic<double> results = 0;
  std::vector<std::thread> busy;
  for (int i = 0; i < threads; ++i) busy.emplace_back([&] { results = spin(until); });
  std::this_thread::sleep_until(until);
  for (std::thread& thread : busy) thread.join();
  return own_cpu_time() - before;
}

base::Result<PowerCurve> calibrate(Meter& reference, int processors, const base::Clock& clock,
                                   const Work& run) {
  const auto infos = reference.domains();
  std::vector<LoadPoint> points;
  Reference last;
  for (const int threads : loads(processors)) {
    const auto window = reference.open({[] { return std::optional(Seconds(0)); }, {}, {}});
    const Seconds start = clock.monotonic();
    const Seconds cpu = run(threads, threads == 0 ? kIdleTime : kBusyTime);
    const auto used = read(*window, infos);
    if (!used) return tl::unexpected(used.error());
    const Seconds elapsed = clock.monotonic() - start;
    points.push_back({threads == 0 ? 0 : cpu / elapsed, used->joules / elapsed});
    last = *used;
  }
  auto curve = fit(points, processors, last.relative_error);
  if (curve) curve->origin = fmt::format("calibrated against {}", fmt::join(last.sources, " + "));
  return curve;
}

base::Result<> save_curve(const PowerCurve& curve, const std::string& processor,
                          const std::filesystem::path& file) {
  const nlohmann::ordered_json object = {{"processor", processor},
                                         {"idle_watts", curve.idle.value},
                                         {"busy_watts", curve.busy.value},
                                         {"package_watts", curve.package.value},
                                         {"relative_error", curve.relative_error},
                                         {"origin", curve.origin}};
  std::error_code code;
  std::filesystem::create_directories(file.parent_path(), code);
  const std::filesystem::path whole = file.string() + ".new";
  if (!(std::ofstream(whole) << object.dump(2) << std::endl))
    return base::fail("{}: cannot be written", whole.string());
  std::filesystem::rename(whole, file, code);
  if (code) return base::fail("{}: {}", file.string(), code.message());
  return {};
}

std::optional<PowerCurve> load_curve(const std::filesystem::path& file, const std::string& processor) {
  std::ifstream stream(file);
  if (!stream) return {};
  const auto object = nlohmann::json::parse(stream, nullptr, false);
  if (!object.is_object() || object.value("processor", nlohmann::json()) != processor) return {};
  const auto number = [&](const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<double>() : NAN;
  };
  PowerCurve curve;
  curve.idle = Watts(number("idle_watts"));
  curve.busy = Watts(number("busy_watts"));
  curve.package = Watts(number("package_watts"));
  curve.relative_error = number("relative_error");
  const auto origin = object.find("origin");
  if (origin != object.end() && origin->is_string()) curve.origin = origin->get<std::string>();
  const bool sound = curve.idle >= Watts(0) && curve.busy > curve.idle && curve.package >= Watts(0) &&
                     curve.relative_error >= 0 && curve.relative_error < 10;
  return sound ? std::optional(curve) : std::nullopt;
}

}  // namespace sm2::meter
