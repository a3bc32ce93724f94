// A private folder (mode 0700) with a short path for one tuner's sockets, in $XDG_RUNTIME_DIR or else /tmp;
// removed with the object. It is locked while its owner lives, so that folders of killed tuners can be told
// and are removed by the next one of the same user.
#pragma once

#include <filesystem>

#include "base/descriptor.h"
#include "base/result.h"

namespace sm2::runner {

class RuntimeDirectory {
 public:
  static base::Result<RuntimeDirectory> make();
  static base::Result<RuntimeDirectory> make_in(const std::filesystem::path& parent);

  RuntimeDirectory(RuntimeDirectory&&) noexcept = default;
  RuntimeDirectory& operator=(RuntimeDirectory&&) = delete;
  ~RuntimeDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  RuntimeDirectory(std::filesystem::path path, base::Descriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  base::Descriptor lock_;
};

}  // namespace sm2::runner
