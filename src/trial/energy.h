// What a meter read, as plain data. Unknown is not zero: joules that could not be read are absent, and `note`
// says why.
//
// `error` is the whole uncertainty of a figure (one standard deviation, or the stated bound of a model);
// `noise` is the part of it that differs between two windows of the same source, and is what comparisons
// between trials use: a model that is 50 % off for everybody does not blur who uses less.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"

namespace sm2::trial {

enum class Quality { kMeasured, kModelled, kReplayed };

struct Reading {
  std::string domain;  // "cpu", "package-0", "dram-0", ...
  std::string source;  // "cpu-model", "rapl", ...
  Quality quality = Quality::kMeasured;
  std::optional<base::Joules> joules;  // gross: everything the domain used in the window
  std::optional<base::Joules> idle;    // the part of it that it would have used idling, where known
  base::Joules error;
  base::Joules noise;
  std::string note;  // why joules are unknown, or what makes them less sure; empty when nothing is to be said
  std::string method =
      {};               // "counter", "power" (sampled and integrated); empty where the source's name says it
  bool counted = true;  // false: part of another reading, shown but never added
  bool operator==(const Reading&) const = default;
};

// One reading per domain; those that are counted do not contain one another, so they may be added. Sums, errors and
// notes are over the counted ones.
using Energy = std::vector<Reading>;

// The sum over domains. Unknown when there is no domain, or when one of them is unknown.
std::optional<base::Joules> total(const Energy& energy);
// The part above idle; unknown unless every domain knows its idle part.
std::optional<base::Joules> above_idle(const Energy& energy);
base::Joules error(const Energy& energy);  // added linearly: domains of one host err together
base::Joules noise(const Energy& energy);
std::string note(const Energy& energy);  // the domains' notes, joined; empty when there are none

// The energy of two windows one after the other, domain by domain. Errors add linearly, noise in quadrature.
// A domain that only one of them knows stays, noted as incomplete; one that is unknown in either is unknown.
Energy add(const Energy& earlier, const Energy& later);

std::string_view name(Quality quality);  // "measured", "modelled", "replayed"
Quality worst(const Energy& energy);     // modelled before replayed before measured; kMeasured when empty

// The energy of two trials taken together: as add(), but a domain that only one of them has is no gap in the
// other.
Energy combine(const Energy& a, const Energy& b);

// "12.4 J +- 0.8": the error in the unit of the figure.
std::string with_error(base::Joules joules, base::Joules error);

std::string described_source(const Reading& reading);  // "nvml counter", "cpu-model"

// "12.4 J +- 0.8 (nvml counter)", "64.0 J +- 32 (cpu-model, modelled)", "unknown (rapl: permission denied ...)".
std::string describe(const Energy& energy);

}  // namespace sm2::trial
