// One GPU of NVML, found again by its UUID when the driver was reloaded. What cannot be read is an error that says why.
// May be called from any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "meter/nvml/library.h"

namespace sm2::meter::nvml {

class Device {
 public:
  Device(std::shared_ptr<Library> library, Handle handle, std::string uuid);

  const std::string& uuid() const { return uuid_; }
  Library& library() { return *library_; }

  // What `ask(Library&, Handle)` answers; asked twice where the driver was reloaded and NVML could be revived.
  template <class Ask>
  auto ask(Ask question) -> decltype(question(std::declval<Library&>(), Handle())) {
    const std::lock_guard lock(mutex_);
    if (const auto found = find_again(); !found) return tl::unexpected(found.error());
    auto answer = question(*library_, handle_);
    if (answer || answer.error() != Code::kUninitialized || !library_->revive(generation_)) return answer;
    if (const auto found = find_again(); !found) return tl::unexpected(found.error());
    return question(*library_, handle_);
  }

  static constexpr std::uint64_t kReload = std::uint64_t{1} << 56;

  // Its total energy counter, and kReload more for every reload of the driver that was seen: the counter starts again
  // at 0, and may be past where it was when it is read next; a jump that no power explains tells.
  Answer<std::uint64_t> energy_mj();
  Answer<std::uint64_t> instant_power_mw();
  Answer<std::uint64_t> power_usage_mw();
  // Summed over the samples since the last call; empty where the driver does not say.
  std::map<pid_t, double> use_by_process();

 private:
  Answer<> find_again();  // where the handle is from before a reload

  std::shared_ptr<Library> library_;
  std::mutex mutex_;
  Handle handle_;
  unsigned generation_;
  std::string uuid_;
  std::uint64_t use_seen_us_ = 0;
};

}  // namespace sm2::meter::nvml
