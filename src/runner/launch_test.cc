#include "runner/launch.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cerrno>

namespace sm2::runner {
namespace {

bool has(const Launch& launch, const std::string& entry) {
  const auto& all = launch.environment;
  return std::find(all.begin(), all.end(), entry) != all.end();
}

TEST(Launch, LooksUpABareNameInPath) {
  const auto launch = prepare({"sh", "-c", "x y"}, std::nullopt, {});
  ASSERT_TRUE(launch);
  EXPECT_TRUE(launch->program.ends_with("/sh"));
  EXPECT_EQ(launch->arguments, (std::vector<std::string>{"sh", "-c", "x y"}));
}

TEST(Launch, SaysWhereItLooked) {
  const auto launch = prepare({"sm2-no-such-program"}, std::nullopt, {});
  ASSERT_FALSE(launch);
  EXPECT_NE(launch.error().message.find("sm2-no-such-program"), std::string::npos);
  EXPECT_NE(launch.error().message.find(getenv("PATH")), std::string::npos);
  EXPECT_FALSE(prepare({}, std::nullopt, {}));
  EXPECT_FALSE(prepare({""}, std::nullopt, {}));
}

TEST(Launch, LeavesAPathAsItIs) { EXPECT_EQ(prepare({"./train"}, "/data", {})->program, "./train"); }

TEST(Launch, AddsVariablesAndRemovesThoseOfAnOuterStudy) {
  ::setenv("SM2_SOCKET", "/outer", 1);
  ::setenv("SM2_TRIAL", "99", 1);
  ::setenv("SM2_LAUNCH_TEST", "mine", 1);
  const auto launch = prepare({"sh"}, std::nullopt, {{"SM2_TRIAL", "7"}});
  ::unsetenv("SM2_SOCKET");
  ::unsetenv("SM2_TRIAL");
  ::unsetenv("SM2_LAUNCH_TEST");
  EXPECT_TRUE(has(*launch, "SM2_TRIAL=7"));
  EXPECT_FALSE(has(*launch, "SM2_TRIAL=99"));
  EXPECT_FALSE(has(*launch, "SM2_SOCKET=/outer"));
  EXPECT_TRUE(has(*launch, "SM2_LAUNCH_TEST=mine"));
}

TEST(Launch, DescribesFailures) {
  const auto failure = [](const std::string& program, int error) {
    return describe_failure(*prepare({program}, "/usr", {}), error, false);
  };
  EXPECT_EQ(failure("./train", ENOENT),
            "cannot start './train': No such file or directory (looked for in /usr)");
  EXPECT_NE(failure("/bin/sh", ENOENT).find("interpreter"), std::string::npos);
  EXPECT_NE(failure("./train", EACCES).find("chmod"), std::string::npos);
  EXPECT_NE(failure("./train", ENOEXEC).find("#!"), std::string::npos);
}

TEST(CheckProgram, LooksForTheProgramUnlessItsNameHoldsAPlaceholder) {
  EXPECT_TRUE(check_program({"/bin/sh"}, {}));
  EXPECT_TRUE(check_program({"sh"}, {}));
  EXPECT_TRUE(check_program({"{tool}"}, {}));
  EXPECT_FALSE(check_program({"no-such-program"}, {}));
  EXPECT_FALSE(check_program({"./no-such-program"}, {}));
  EXPECT_FALSE(check_program({"/bin"}, {}));
}

}  // namespace
}  // namespace sm2::runner
