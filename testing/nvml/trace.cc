#include "trace.h"

#include <algorithm>
#include <cmath>

namespace standin {
namespace {

double uniform(std::uint64_t x) {  // of [0, 1): SplitMix64's finaliser
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1.0p-53;
}

}  // namespace

Trace constant(double watts) {
  return [=](double t) { return watts * t; };
}

Trace square(double low, double high, double hz, double duty) {
  return [=](double t) {
    const double period = 1 / hz, whole = std::floor(t * hz);
    const double rest = std::max(0.0, t - whole * period), up = std::min(rest, duty * period);
    return whole * period * (duty * high + (1 - duty) * low) + up * high + (rest - up) * low;
  };
}

Trace ramp(double from, double to, double seconds) {
  return [=](double t) {
    const double on = std::min(t, seconds);
    return from * on + (to - from) * on * on / (2 * seconds) + to * (t - on);
  };
}

Trace bursts(double low, double high, double every, double length, std::uint64_t seed) {
  return [=](double t) {
    const double whole = std::floor(t / every), rest = t - whole * every;
    const double begin = (every - length) * uniform(seed * 1000003 + static_cast<std::uint64_t>(whole));
    const double in_burst = std::clamp(rest - begin, 0.0, length);
    return low * t + (high - low) * (whole * length + in_burst);
  };
}

Trace points(std::vector<std::pair<double, double>> line) {
  return [line = std::move(line)](double t) {
    double joules = line.front().second * std::clamp(line.front().first, 0.0, t);
    for (std::size_t i = 1; i < line.size(); ++i) {
      const auto [t0, p0] = line[i - 1];
      const auto [t1, p1] = line[i];
      const double a = std::clamp(0.0, t0, t1), b = std::clamp(t, t0, t1);
      if (b <= a) continue;
      const auto power = [&](double at) { return p0 + (p1 - p0) * (at - t0) / (t1 - t0); };
      joules += (b - a) * (power(a) + power(b)) / 2;
    }
    return joules + line.back().second * std::max(0.0, t - std::max(0.0, line.back().first));
  };
}

}  // namespace standin
