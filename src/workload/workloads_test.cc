#include "workload/workloads.h"

#include "workload/folder_fixture.h"

namespace sm2::workload {
namespace {

using Workloads = FolderTest;

TEST_F(Workloads, TheKindSaysWhereTheyAre) {
  const auto opened = open("synthetic:batch-1", {});
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->workloads.at(0)->job().name, "batch-1");
  const auto file = write("a.csv", "x,seed,resource,metric,joules,seconds\n1,a,1,0.5,1,1\n");
  const auto table = open("table:" + file, {});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->workloads.at(0)->job().name, "a");
  const auto zeus = open("zeus:" + folder(), {});
  ASSERT_FALSE(zeus);
  EXPECT_NE(zeus.error().message.find("summary_train.csv"), std::string::npos) << zeus.error().message;
}

TEST_F(Workloads, UnknownKindsListTheKinds) {
  EXPECT_EQ(open("zues:x", {}).error().message,
            "'zues' is not a kind of workload; write zeus:DIR, table:FILE or synthetic:NAME");
  EXPECT_EQ(open("traces", {}).error().message,
            "'traces' is not a workload; write zeus:DIR, table:FILE or synthetic:NAME");
  EXPECT_EQ(open("zeus:", {}).error().message,
            "'zeus:' names nothing after the colon; write zeus:DIR, table:FILE or synthetic:NAME");
}

}  // namespace
}  // namespace sm2::workload
