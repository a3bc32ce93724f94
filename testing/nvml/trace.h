// Power over time, integrated in closed form: the truth that measurements are compared with. Watts, seconds, joules.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace standin {

// Joules used from 0 to t >= 0.
using Trace = std::function<double(double t)>;

Trace constant(double watts);
Trace square(double low, double high, double hz,
             double duty);                           // high for the first `duty` (0 .. 1) of every period
Trace ramp(double from, double to, double seconds);  // then it stays at `to`
// One burst of `length` in every `every`, at a pseudo-random place in it.
Trace bursts(double low, double high, double every, double length, std::uint64_t seed);
// Straight lines between times with their power; the same time twice is a step; constant beyond both ends.
Trace points(std::vector<std::pair<double, double>> line);

}  // namespace standin
