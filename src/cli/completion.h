// What a shell offers when the tabulator key is pressed: commands, options, and the values of those that have a choice; elsewhere
// files.
#pragma once

#include <string>

#include "cli/described.h"

namespace sm2::cli {

std::string bash_completion(const DescribedCommand& program);
std::string zsh_completion(const DescribedCommand& program);
std::string fish_completion(const DescribedCommand& program);

}  // namespace sm2::cli
