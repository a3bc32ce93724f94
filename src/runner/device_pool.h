// Which devices a trial's process gets, and who holds which. Pure: no clock, no driver; what it is asked in the same order it
// answers the same.
//
// A trial gets the devices that the fewest others hold, which is none where they are not shared; among them those that it had
// before; then those that have idled longest, so that trials one after another do not heat up one device; then the first of the
// list.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "trial/decision.h"
#include "trial/device.h"

namespace sm2::runner {

class DevicePool {
 public:
  struct Terms {
    std::optional<std::size_t> each;  // devices of one trial; absent: all of them, which trials then share
    bool share = false;               // with other trials
    std::set<trial::Vendor>
        vendors;  // whose devices a program might see here, and is to see none but its own of
  };
  // Whether a device is gone, asked before it may be given; of one that is gone it is not asked again.
  using Lost = std::function<bool(const trial::Device&)>;

  DevicePool(
      const trial::Devices& devices, Terms terms, Lost lost = [](const trial::Device&) { return false; });

  // Trials that can hold devices at the same time; absent: any number.
  std::optional<std::size_t> places() const;

  // Whether one more trial can have devices now.
  bool room();

  // Of a trial that holds none, when there is room. `had`: before, the last ones last.
  trial::Devices take(trial::TrialId trial, const trial::Devices& had);
  void give_back(trial::TrialId trial);  // nothing where it holds none

  const std::set<trial::Vendor>& vendors() const { return terms_.vendors; }

 private:
  struct Slot {
    trial::Device device;
    int holders = 0;
    std::uint64_t given_back = 0;  // when it was, counted in devices; 0: never used
    bool lost = false;
  };

  bool exclusive() const { return terms_.each && !terms_.share; }
  bool usable(const Slot& slot) const { return !slot.lost && !(exclusive() && slot.holders > 0); }

  Terms terms_;
  Lost lost_;
  std::vector<Slot> slots_;
  std::map<trial::TrialId, std::vector<std::size_t>> held_;  // places in slots_
  std::uint64_t given_back_ = 0;
};

}  // namespace sm2::runner
