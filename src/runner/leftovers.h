// What a tuner that was killed together with its guards has left running: nobody was there to end it. Its processes are told by
// the folder for checkpoints in their environment, so that one which has put that aside is not found; a guard, which may have been
// stopped, by its working folder.
#pragma once

#include <filesystem>

namespace sm2::runner {

// Kills those of this user whose trial has its folder in `trials`, and waits until they are gone, at most a few seconds. The
// caller holds the lock on that study: whatever trains in there now is nobody's.
void end_leftovers(const std::filesystem::path& trials);

}  // namespace sm2::runner
