#include "config/past_file.h"

#include <gtest/gtest.h>

namespace sm2::config {
namespace {

TEST(PastFile, NamesAFileAndOfOptunaAStudy) {
  const auto csv = past_file("csv:runs/a#b.csv").value();
  EXPECT_EQ(csv.kind, PastFile::Kind::kCsv);
  EXPECT_EQ(csv.path, "runs/a#b.csv");
  const auto optuna = past_file("optuna:o.db#my study").value();
  EXPECT_EQ(optuna.kind, PastFile::Kind::kOptuna);
  EXPECT_EQ(optuna.path, "o.db");
  EXPECT_EQ(optuna.study, "my study");
  EXPECT_FALSE(past_file("optuna:o.db")->study);
}

TEST(PastFile, AnythingElseIsNone) {
  for (const char* entry : {"earlier", "csv:", "optuna:", "optuna:#s", "zeus:x", "", "CSV:x"})
    EXPECT_FALSE(past_file(entry)) << entry;
}

}  // namespace
}  // namespace sm2::config
