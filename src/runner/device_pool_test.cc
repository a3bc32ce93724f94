#include "runner/device_pool.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sm2::runner {
namespace {

trial::Devices gpus(int count) {
  trial::Devices devices;
  for (int k = 0; k < count; ++k) {
    const std::string number = std::to_string(k);
    devices.push_back(
        {"gpu-" + number, "GPU-" + number, trial::Vendor::kNvidia, "gpu 0000:0" + number + ":00.0"});
  }
  return devices;
}

DevicePool pool(int count, std::optional<std::size_t> each, bool share = false) {
  return DevicePool(gpus(count), {each, share, {}});
}

TEST(DevicePool, GivesEachTrialDevicesOfItsOwn) {
  DevicePool two = pool(2, 1);
  EXPECT_EQ(two.places(), 2u);
  EXPECT_EQ(trial::names(two.take(1, {})), "gpu-0");
  EXPECT_TRUE(two.room());
  EXPECT_EQ(trial::names(two.take(2, {})), "gpu-1");
  EXPECT_FALSE(two.room());
  two.give_back(1);
  EXPECT_TRUE(two.room());
  EXPECT_EQ(trial::names(two.take(3, {})), "gpu-0");
}

TEST(DevicePool, PrefersWhatHasIdledLongest) {
  DevicePool three = pool(3, 1);
  std::vector<std::string> given;
  for (int trial = 0; trial < 5; ++trial) {
    given.push_back(trial::names(three.take(trial, {})));
    three.give_back(trial);
  }
  EXPECT_EQ(given, (std::vector<std::string>{"gpu-0", "gpu-1", "gpu-2", "gpu-0", "gpu-1"}));
}

TEST(DevicePool, ATrialThatGoesOnPrefersWhatItHadLast) {
  DevicePool four = pool(4, 2);
  const trial::Devices all = gpus(4);
  EXPECT_EQ(trial::names(four.take(1, {all[0], all[3], all[1]})), "gpu-1, gpu-3");
  EXPECT_EQ(trial::names(four.take(2, {all[1], all[2]})), "gpu-0, gpu-2") << "what it had is taken";
}

TEST(DevicePool, ATrialThatNeedsMoreThanAreFreeWaits) {
  DevicePool three = pool(3, 2);
  EXPECT_EQ(three.places(), 1u);
  three.take(1, {});
  EXPECT_FALSE(three.room()) << "one is free, and two are wanted";
  three.give_back(1);
  EXPECT_EQ(three.take(2, {}).size(), 2u);
}

TEST(DevicePool, WithoutANumberEveryTrialHasAll) {
  DevicePool two = pool(2, {});
  EXPECT_EQ(two.places(), std::nullopt);
  EXPECT_EQ(two.take(1, {}), gpus(2));
  EXPECT_TRUE(two.room());
  EXPECT_EQ(two.take(2, {}), gpus(2));
}

TEST(DevicePool, ATrialMayBeGivenNone) {
  DevicePool two = pool(2, 0);
  EXPECT_EQ(two.places(), std::nullopt);
  for (int trial = 0; trial < 3; ++trial) {
    EXPECT_TRUE(two.room());
    EXPECT_TRUE(two.take(trial, {}).empty());
  }
}

TEST(DevicePool, SharedDevicesAreTheLeastHeldFirst) {
  DevicePool two = pool(2, 1, true);
  EXPECT_EQ(two.places(), std::nullopt);
  const trial::Devices had = {gpus(2)[0]};
  EXPECT_EQ(trial::names(two.take(1, had)), "gpu-0");
  EXPECT_EQ(trial::names(two.take(2, had)), "gpu-1") << "another has what it had";
  EXPECT_TRUE(two.room());
  EXPECT_EQ(trial::names(two.take(3, had)), "gpu-0");
}

TEST(DevicePool, WhatIsLostIsGivenToNobodyAnyMore) {
  std::set<std::string> lost;
  int asked = 0;
  DevicePool two(gpus(2), {1, false, {}}, [&](const trial::Device& device) {
    ++asked;
    return lost.contains(device.id);
  });
  EXPECT_TRUE(two.room());
  two.take(1, {});
  lost = {"GPU-0"};
  EXPECT_TRUE(two.room());
  EXPECT_EQ(trial::names(two.take(2, {})), "gpu-1");
  two.give_back(1);
  EXPECT_FALSE(two.room()) << "the free one is lost";
  const int before = asked;
  lost.clear();
  EXPECT_FALSE(two.room());
  EXPECT_EQ(asked, before) << "what is gone is not asked again, and what is held is not asked";
  two.give_back(2);
  EXPECT_TRUE(two.room());
  EXPECT_EQ(trial::names(two.take(3, {gpus(2)[0]})), "gpu-1");
}

RC_GTEST_PROP(DevicePool, NoDeviceIsHeldTwice, ()) {
  const int count = *rc::gen::inRange(1, 9);
  const auto each = static_cast<std::size_t>(*rc::gen::inRange(1, count + 1));
  DevicePool devices = pool(count, each);
  std::map<int, trial::Devices> holding;
  for (int trial = 0; trial < 50; ++trial) {
    if (!holding.empty() && (!devices.room() || *rc::gen::inRange(0, 2) == 0)) {
      const auto ends = std::next(holding.begin(), *rc::gen::inRange(0, static_cast<int>(holding.size())));
      devices.give_back(ends->first);
      holding.erase(ends);
      continue;
    }
    holding[trial] = devices.take(trial, {});
    RC_ASSERT(holding[trial].size() == each);
    RC_ASSERT(holding.size() <= *devices.places());
    std::set<std::string> held;
    for (const auto& [id, own] : holding) {
      for (const trial::Device& device : own) RC_ASSERT(held.insert(device.id).second);
    }
  }
}

}  // namespace
}  // namespace sm2::runner
