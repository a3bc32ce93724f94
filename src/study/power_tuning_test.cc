#include "study/power_tuning.h"

#include <gtest/gtest.h>

#include "testing/fake_power_knob.h"

namespace sm2::study {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;
using testing::FakePowerKnob;

const std::vector<Watts> kLimits = {Watts(100), Watts(150), Watts(200), Watts(250)};

// A device that takes 100 W for nothing and trains 10 samples a step, the faster the more power there is, up to 200 W:
// 150 W takes 0.1 * 100 / 50 s a step. Joules per sample are least at 200 W.
struct Device {
  Seconds step_time() const {
    return Seconds(0.1 * 100 / std::max(1.0, std::min(knob.now().value, 200.0) - 100));
  }
  void train(PowerTuning& tuning, int steps) {
    for (int trained = 0; trained < steps && tuning.searching(); ++trained) {
      now += step_time();
      energy += knob.now() * step_time();
      ++step;
      tuning.add({10.0 * static_cast<double>(step), step, blind ? std::nullopt : std::optional(energy), now});
    }
  }
  void evaluate(PowerTuning& tuning) {
    tuning.interrupt();
    now += Seconds(5);
    energy += Watts(1000) * Seconds(5);
  }

  FakePowerKnob knob{kLimits};
  std::int64_t step = 0;
  Joules energy;
  Seconds now;
  bool blind = false;
};

TEST(PowerTuning, KeepsTheLimitThatUsesTheFewestJoulesASample) {
  Device device;
  PowerTuning tuning(device.knob, {});
  EXPECT_FALSE(tuning.limit());
  device.train(tuning, 1000);
  EXPECT_FALSE(tuning.searching());
  EXPECT_EQ(tuning.limit(), Watts(200));
  EXPECT_EQ(device.knob.now(), Watts(200));
  EXPECT_EQ(device.knob.tried,
            (std::vector<Watts>{Watts(250), Watts(200), Watts(150), Watts(100), Watts(200)}));
  EXPECT_EQ(tuning.failure(), "");
}

TEST(PowerTuning, ASliceIsTwoSecondsOrTenStepsWhicheverIsLonger) {
  Device device;
  PowerTuning tuning(device.knob, {});
  device.train(tuning, 22);  // set at the first step, begun at the fourth: 1.8 s
  EXPECT_EQ(device.knob.now(), Watts(250));
  device.train(tuning, 3);
  EXPECT_EQ(device.knob.now(), Watts(200));

  Device slow;
  const auto step = [&](PowerTuning& slowly) {
    slow.now += Seconds(1);
    slow.energy += Joules(1);
    ++slow.step;
    slowly.add({1.0 * static_cast<double>(slow.step), slow.step, slow.energy, slow.now});
  };
  PowerTuning slowly(slow.knob, {});
  for (int steps = 0; steps < 11; ++steps) step(slowly);
  EXPECT_EQ(slow.knob.now(), Watts(250));
  step(slowly);
  EXPECT_EQ(slow.knob.now(), Watts(200));
}

TEST(PowerTuning, EvaluationsAreNotInASliceAndDoNotEndIt) {
  Device device;
  PowerTuning tuning(device.knob, {});
  for (int unit = 0; unit < 100 && tuning.searching(); ++unit) {
    device.train(tuning, 8);  // less than a slice between two evaluations
    device.evaluate(tuning);
  }
  EXPECT_EQ(tuning.limit(), Watts(200));
}

TEST(PowerTuning, TheLimitIsPutBackWithTheTuning) {
  Device device;
  {
    PowerTuning tuning(device.knob, {});
    device.train(tuning, 40);
    EXPECT_FALSE(device.knob.restored());
  }
  EXPECT_TRUE(device.knob.restored());
}

TEST(PowerTuning, WhatIsKnownIsSetAtOnce) {
  Device device;
  const PowerTuning tuning(device.knob, Watts(150));
  EXPECT_FALSE(tuning.searching());
  EXPECT_EQ(tuning.limit(), Watts(150));
  EXPECT_EQ(device.knob.tried, std::vector<Watts>{Watts(150)});
}

TEST(PowerTuning, ADeviceThatRefusesIsLeftAsItWasAndSaysWhy) {
  Device device;
  PowerTuning tuning(device.knob, {});
  device.train(tuning, 10);
  device.knob.refusal = "run as root";
  device.train(tuning, 1000);
  EXPECT_FALSE(tuning.searching());
  EXPECT_FALSE(tuning.limit());
  EXPECT_TRUE(device.knob.restored());
  EXPECT_EQ(tuning.failure(), "its power limit was not tuned: run as root");
}

TEST(PowerTuning, NothingIsTunedInTheDark) {
  Device device;
  device.blind = true;
  PowerTuning tuning(device.knob, {});
  device.train(tuning, 1000);
  EXPECT_FALSE(tuning.limit());
  EXPECT_TRUE(device.knob.restored());
  EXPECT_EQ(tuning.failure(), "its power limit was not tuned: the energy is not known");
}

}  // namespace
}  // namespace sm2::study
