// What can be asked of a trial by name: the keys of `sm2 trials --json` (docs/json.md), `param.NAME` and `metric.NAME`. A
// parameter, and the study's own metric, may also be named alone; `energy` is joules, `time` seconds.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "report/terminal.h"

namespace sm2::report {

using FieldValue = std::variant<std::monostate, double, std::string>;  // monostate: unknown

struct TrialField {
  enum class Kind { kNumber, kEnergy, kTime, kText };  // joules; seconds
  std::string name;
  Kind kind = Kind::kNumber;
  std::function<FieldValue(const Study&, const journal::Trial&)> value;  // a text is never empty
};

// Every field of this study's trials, in the order of docs/json.md.
std::vector<TrialField> trial_fields(const Study& of);

// Fails on a name that there is not, with the one that was probably meant.
base::Result<TrialField> find_trial_field(const Study& study, std::string_view name);

// A value for people: with its unit, unknown as "-".
std::string field_text(const TrialField& field, const FieldValue& value);

}  // namespace sm2::report
