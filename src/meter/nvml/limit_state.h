// The file that says which power limit to undo (power_limit.h), locked while it is open.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace sm2::meter::nvml {

struct LimitState {
  std::string uuid;
  unsigned previous_mw = 0;
  unsigned set_mw = 0;
  bool operator==(const LimitState&) const = default;
};

class LimitFile {
 public:
  enum class Missing { kMake, kFail };

  // Nothing when another owner holds it: one that lives, or the process that a killed one had just forked, which has its lock
  // for a moment longer and is waited for. Makes the folder, or refuses one that others may write to.
  static base::Result<std::optional<LimitFile>> open(const std::filesystem::path& path, Missing missing);
  // The path of a GPU's file.
  static base::Result<std::filesystem::path> path(const std::filesystem::path& folder,
                                                  const std::string& uuid);

  LimitFile(LimitFile&& other) noexcept;
  LimitFile& operator=(LimitFile&& other) noexcept;
  ~LimitFile();

  // Nothing where nothing was written yet; an error where it is damaged.
  base::Result<std::optional<LimitState>> read() const;
  base::Result<> write(const LimitState& state);  // all of it or nothing, and on the disk
  void remove();                                  // and lets go of the lock

 private:
  LimitFile(std::filesystem::path path, int descriptor);

  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace sm2::meter::nvml
