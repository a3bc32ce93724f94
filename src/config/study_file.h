// Study file (TOML, docs/study-file.md) to checked structs. Strict: an unknown key, a wrong type or unit, an
// impossible range or a placeholder without its parameter is an error "FILE:LINE: KEY: what is wrong; what
// would be right".
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/spec.h"

namespace sm2::config {

// `file_name` is for messages only.
base::Result<Spec> parse_study(std::string text, const std::string& file_name);

// Whether a study or a parameter may be called so; names of studies are parts of paths.
bool is_name(std::string_view name);

base::Result<Spec> read_study(const std::filesystem::path& file);

// The first setting in which two studies differ, for "the file was changed": "space", "strategy.seed", ...;
// nothing when they describe the same study. Limits and budgets other than trials may differ: a study can be given more;
// so may grid, price, idle and power limit, which hold for what is used from then on, and the devices that are used.
std::optional<std::string> difference(const Spec& a, const Spec& b);

}  // namespace sm2::config
