#include "report/csv_field.h"

#include <gtest/gtest.h>

namespace sm2::report {
namespace {

TEST(CsvField, OnlyWhatNeedsQuotesHasThem) {
  EXPECT_EQ(csv_field("0.1"), "0.1");
  EXPECT_EQ(csv_field(""), "");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("a \"b\""), "\"a \"\"b\"\"\"");
  EXPECT_EQ(csv_field("a\nb"), "\"a\nb\"");
  EXPECT_EQ(csv_field(" a"), "\" a\"");
}

TEST(CsvField, ATextIsNeverAFormula) {
  for (const char* text : {"=1+1", "+1", "-1", "@x", "\tx"})
    EXPECT_EQ(csv_text(text), "'" + std::string(text));
  EXPECT_EQ(csv_text("=\"a\",b"), "\"'=\"\"a\"\",b\"");
  EXPECT_EQ(csv_text("adam"), "adam");
}

}  // namespace
}  // namespace sm2::report
