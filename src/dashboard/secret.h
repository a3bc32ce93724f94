// Secrets: made of the kernel's random numbers, compared in time that does not tell where they differ, kept in files that
// are their owner's alone.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sm2::dashboard {

inline constexpr std::size_t kShortestToken = 32, kLongestToken = 256;

std::string random_text();  // 64 hexadecimal digits

bool same_secret(std::string_view a, std::string_view b);

// The token in the file, which is made, with mode 0600 and a random one, where there is none. Fails where others may read
// the file, and where what it holds is no token: one line of kShortestToken to kLongestToken letters, digits, '-' and '_'.
base::Result<std::string> read_or_make_token(const std::filesystem::path& file);

}  // namespace sm2::dashboard
