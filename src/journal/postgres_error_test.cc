#include "journal/postgres_error.h"

#include <gtest/gtest.h>

namespace sm2::journal {
namespace {

TEST(PostgresError, SaysWhatPassesAndWhatDoesNot) {
  for (const char* state :
       {"", "08006", "57P01", "57P03", "28P01", "53100", "53300", "25006", "42501", "55P03", "58030"})
    EXPECT_TRUE(explain(state, "why", "s").transient) << state;
  for (const char* state : {"3D000", "XX001", "42P01", "23505", "22021", "42601"})
    EXPECT_FALSE(explain(state, "why", "s").transient) << state;
  EXPECT_EQ(explain("53100", "why\nHINT: more", "postgresql://h/d").message,
            "store postgresql://h/d: no space is left for it on its server; free some there (why)");
}

TEST(PostgresError, OfAConnectionThatIsGoneTheMeaningStaysTheSame) {
  const PostgresError refused = explain("", "Connection refused", "s"),
                      ended = explain("57P01", "terminating", "s");
  EXPECT_TRUE(refused.lost);
  EXPECT_TRUE(ended.lost);
  EXPECT_EQ(refused.meaning, ended.meaning);
  EXPECT_FALSE(explain("53100", "why", "s").lost);
}

}  // namespace
}  // namespace sm2::journal
