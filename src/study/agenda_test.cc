#include "study/agenda.h"

#include <gmock/gmock.h>

namespace sm2::study {
namespace {

using base::Seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Agenda, TheSoonestIsNextWhateverTheOrderTheyCameIn) {
  Agenda agenda;
  EXPECT_FALSE(agenda.next());
  agenda.set(7, Seconds(3));
  agenda.set(5, Seconds(2));
  agenda.set(6, Seconds(4));
  EXPECT_EQ(agenda.next(), Seconds(2));
}

TEST(Agenda, WhatIsDueComesByIdAndStaysUntilItIsSetAnew) {
  Agenda agenda;
  agenda.set(7, Seconds(1));
  agenda.set(5, Seconds(2));
  agenda.set(6, Seconds(3));
  EXPECT_THAT(agenda.due(Seconds(0.5)), IsEmpty());
  EXPECT_THAT(agenda.due(Seconds(2)), ElementsAre(5, 7));
  agenda.set(7, Seconds(9));
  EXPECT_THAT(agenda.due(Seconds(2)), ElementsAre(5));
}

TEST(Agenda, WhatIsSetAgainOrErasedLeavesNothingBehind) {
  Agenda agenda;
  agenda.set(1, Seconds(1));
  agenda.set(1, Seconds(5));
  EXPECT_EQ(agenda.next(), Seconds(5));
  agenda.erase(1);
  agenda.erase(1);
  EXPECT_FALSE(agenda.next());
  EXPECT_THAT(agenda.due(Seconds(10)), IsEmpty());
}

}  // namespace
}  // namespace sm2::study
