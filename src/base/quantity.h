// Physical quantities as types, in SI units: a Joules cannot be added to a Seconds. Plain doubles underneath,
// so they cost nothing; `value` is the number in the unit that the name says.
#pragma once

#include <compare>

namespace sm2::base {

template <class Unit>
struct Quantity {
  double value = 0;

  constexpr Quantity() = default;
  constexpr explicit Quantity(double in_si) : value(in_si) {}

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity& operator+=(Quantity other) { return value += other.value, *this; }
  constexpr Quantity& operator-=(Quantity other) { return value -= other.value, *this; }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value + b.value); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value - b.value); }
  friend constexpr Quantity operator*(Quantity a, double factor) { return Quantity(a.value * factor); }
  friend constexpr Quantity operator*(double factor, Quantity a) { return a * factor; }
  friend constexpr Quantity operator/(Quantity a, double divisor) { return Quantity(a.value / divisor); }
  friend constexpr double operator/(Quantity a, Quantity b) { return a.value / b.value; }
};

using Joules = Quantity<struct JoulesUnit>;
using Watts = Quantity<struct WattsUnit>;
using Seconds = Quantity<struct SecondsUnit>;

constexpr Joules operator*(Watts power, Seconds time) { return Joules(power.value * time.value); }
constexpr Joules operator*(Seconds time, Watts power) { return power * time; }
constexpr Watts operator/(Joules energy, Seconds time) { return Watts(energy.value / time.value); }

}  // namespace sm2::base
