// FNV-1a (Fowler, Noll, Vo), 64 bits: the same on every machine, unlike std::hash. No protection against somebody who looks for
// two texts with one hash.
#pragma once

#include <cstdint>
#include <string_view>

namespace sm2::base {

constexpr std::uint64_t hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char letter : text) {
    hash ^= static_cast<unsigned char>(letter);
    hash *= 0x100000001b3u;
  }
  return hash;
}

}  // namespace sm2::base
