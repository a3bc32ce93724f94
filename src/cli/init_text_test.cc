#include "cli/init_text.h"

#include <gtest/gtest.h>

#include <string>

#include "config/study_file.h"

namespace sm2::cli {
namespace {

TEST(InitText, IsAStudyFileWithEveryKeyUncommentedToo) {
  EXPECT_TRUE(config::parse_study(std::string(kStudyExample), "init"));
  std::string all(kStudyExample);
  for (const char* key :
       {"directory", "layers",   "optimizer",  "momentum",      "candidates", "eta",     "probe",
        "points",    "pruner",   "warm_start", "learning_rate", "guard",      "energy",  "time",
        "trials",    "carbon",   "cost",       "grid",          "price",      "idle",    "power_limit",
        "cpu_idle",  "cpu_busy", "wall",       "silence",       "time",       "energy",  "memory",
        "gpus",      "use",      "share",      "grace",         "log",        "explore", "cycle",
        "gamma",     "final"}) {
    const auto at = all.find("\n# " + std::string(key) + " ");
    ASSERT_NE(at, std::string::npos) << key;
    all.erase(at + 1, 2);
  }
  const auto spec = config::parse_study(all, "init");
  ASSERT_TRUE(spec) << spec.error().message;
}

}  // namespace
}  // namespace sm2::cli
