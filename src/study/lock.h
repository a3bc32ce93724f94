// One tuner at a time works on a study: a lock on a file in the folder of its trials, which the kernel takes
// back whichever way the tuner ends. The file holds the name of the study's store.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace sm2::study {

class Lock {
 public:
  // Makes the folder (mode 0700) where there is none. Fails when another tuner works on the study, and where the folder is that
  // of a study in another store, which is there yet: a.db and a.sqlite share a.trials.
  static base::Result<Lock> take(const std::filesystem::path& folder, const std::string& store);

  Lock(Lock&& other) noexcept;
  Lock& operator=(Lock&&) = delete;
  ~Lock();

 private:
  explicit Lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// Whether a tuner works on the study with this folder of trials, on this machine.
bool tuner_alive(const std::filesystem::path& folder);

}  // namespace sm2::study
