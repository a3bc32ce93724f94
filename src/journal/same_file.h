// Whether a path still leads to the file that was opened there. What is written to a file that was deleted or replaced
// meanwhile reaches nobody, and the kernel does not say so.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <tuple>

#include "base/result.h"

namespace sm2::journal {

class SameFile {
 public:
  using Identity =
      std::tuple<unsigned, unsigned, std::uint64_t>;  // its device, major and minor, and its number there

  // As the file is now. One that is not there, as with an SQLite whose files are elsewhere (a VFS), is never told to be gone.
  explicit SameFile(std::filesystem::path path);

  // Fails where the file is gone or another one. That it cannot be told, as a file system does not answer, is no failure.
  base::Result<> check() const;

 private:
  std::filesystem::path path_;
  std::optional<Identity> identity_;
};

}  // namespace sm2::journal
