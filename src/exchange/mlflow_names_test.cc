#include "exchange/mlflow_names.h"

#include <gtest/gtest.h>

namespace sm2::exchange {
namespace {

TEST(MlflowNames, LeadNowhere) {
  MlflowNames names;
  EXPECT_EQ(names.of("val_accuracy"), "val_accuracy");
  EXPECT_EQ(names.of("../../etc/passwd"), "_._.._etc_passwd");
  EXPECT_EQ(names.of(".."), "_.");
  EXPECT_EQ(names.of(""), "_");
  EXPECT_EQ(names.of("a\nb"), "a_b");
  EXPECT_LE(names.of(std::string(5000, 'x')).size(), 200u);
}

TEST(MlflowNames, AreDifferentForDifferentNames) {
  MlflowNames names;
  EXPECT_EQ(names.of("top/5"), "top_5");
  EXPECT_EQ(names.of("top:5"), "top_5_2");
  EXPECT_EQ(names.of("top/5"), "top_5") << "and the same for the same";
}

}  // namespace
}  // namespace sm2::exchange
