// A GPU's power limit, set for a while. It is put back by restore(), by the destructor (also when an exception or the
// orderly end after SIGTERM unwinds the caller), and after a kill -9 by undo_left_over() at the next start.
//
// Before a limit is set, a file UUID.json in the state folder says what to undo: {"uuid", "previous_mw", "set_mw",
// "pid"}. It is complete and on the disk (fsync, rename, fsync of the folder; mode 0600, folder 0700) and locked with
// flock by its owner, which the kernel takes back however the owner ends. Only the limit that was set is undone: one
// that somebody changed since is left as it is. A damaged file has the GPU put back to its default limit. Owners with
// other state folders do not see each other.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"
#include "meter/nvml/device.h"
#include "meter/nvml/library.h"
#include "meter/nvml/limit_state.h"

namespace sm2::meter::nvml {

// $XDG_STATE_HOME/sm2, else $HOME/.local/state/sm2, else /var/tmp/sm2-UID.
std::filesystem::path default_state_folder();

class PowerLimit {
 public:
  // Of the GPU with this UUID. Fails when the GPU does not allow the limit, when the user may not set it, and when
  // another owner holds the GPU; the limit is then as before. What an owner that is gone has left over is undone first,
  // without a word: call undo_left_over() before.
  static base::Result<PowerLimit> set(std::shared_ptr<Library> library, const std::string& uuid,
                                      base::Watts limit, const std::filesystem::path& state_folder);

  PowerLimit(PowerLimit&&) = default;
  PowerLimit& operator=(PowerLimit&&) = delete;
  ~PowerLimit();  // restores, and cannot say whether it worked

  base::Watts previous() const;
  // Once; later calls do nothing. Fails when the limit is not put back, and says why: the driver refused, then the next
  // start tries again, or somebody else has changed the limit meanwhile.
  base::Result<> restore();

 private:
  PowerLimit(std::unique_ptr<Device> device, LimitFile file, LimitState state);
  base::Result<> apply();

  std::unique_ptr<Device> device_;  // null after a move
  std::optional<LimitFile> file_;   // absent when there is nothing left to undo
  LimitState state_;
};

// Puts back what owners that are gone have left over. One line for each such GPU, for people: what was done, or why
// not.
std::vector<std::string> undo_left_over(std::shared_ptr<Library> library,
                                        const std::filesystem::path& state_folder);

}  // namespace sm2::meter::nvml
