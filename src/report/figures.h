// How figures are written for people: three or four digits, with unit, unknown as "unknown". Locale plays no
// part.
#pragma once

#include <optional>
#include <string>

#include "base/quantity.h"
#include "space/value.h"
#include "trial/energy.h"

namespace sm2::report {

struct Spent {                         // an energy with its uncertainty
  std::optional<base::Joules> joules;  // absent: unknown
  base::Joules error;
};

Spent spent(const trial::Energy& energy);
Spent operator+(const Spent& a, const Spent& b);  // unknown when one is; errors add linearly
Spent operator-(const Spent& a, const Spent& b);  // of a window that begins both

std::string text(const Spent& spent);  // "5.33 kJ +- 0.27", "unknown"
std::string text(std::optional<base::Joules> joules);
std::string metric_text(std::optional<double> metric);  // "0.9012", "not a number", "none"
std::string number_text(double number);                 // four significant digits
std::string share_text(std::optional<double> share);    // "40 %", "under 1 %", "unknown"
std::string date_text(base::Seconds unix_time);         // "2026-03-01 14:05 UTC"; "unknown" for 0
// Reals with four digits, everything else as it is written into a command line.
std::string value_text(const space::Value& value);
std::string resource_text(double amount, const std::string& unit);  // "1 epoch", "20 epochs"

// Where a figure comes from: "nvml counter", "cpu-model, modelled"; "no energy source" when nothing was read.
std::string provenance(const trial::Energy& energy);

}  // namespace sm2::report
