// The known name that a misspelt one probably meant, for "did you mean".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sm2::base {

// The name with the least edit distance (Levenshtein), if that is at most a third of the longer name, rounded
// up.
std::optional<std::string> nearest(std::string_view misspelt, std::span<const std::string> known);

// "did you mean 'seed'? ", to stand before what else is said; empty where no name is near.
std::string did_you_mean(std::string_view misspelt, std::span<const std::string> known);

}  // namespace sm2::base
