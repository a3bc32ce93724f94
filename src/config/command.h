// The study's command line: placeholders {name} inside arguments stand for parameters. {{ and }} are literal
// braces. A value is never split or interpreted. An argument with a placeholder of an inactive parameter is
// left out.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "space/configuration.h"

namespace sm2::config {

// The parameters that an argument names. Fails on a brace without its partner.
base::Result<std::set<std::string>> placeholders(const std::string& argument);

// Arguments were checked by placeholders() before.
std::vector<std::string> substitute(const std::vector<std::string>& command,
                                    const space::Configuration& configuration);

}  // namespace sm2::config
