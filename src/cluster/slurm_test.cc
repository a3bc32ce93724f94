#include "cluster/slurm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace sm2::cluster {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

// Programs of Slurm's names, first in PATH, that note how they were called and print what a test wants.
class SlurmTest : public ::testing::Test {
 protected:
  SlurmTest() {
    char name[] = "/tmp/sm2-slurm-XXXXXX";
    folder_ = mkdtemp(name);
    path_ = getenv("PATH");
    setenv("PATH", (folder_.string() + ":" + path_).c_str(), 1);
    for (const char* program : {"sbatch", "squeue", "scancel"}) says(program, "");
  }
  ~SlurmTest() override {
    setenv("PATH", path_.c_str(), 1);
    std::filesystem::remove_all(folder_);
  }

  void says(const std::string& program, const std::string& shell) {
    const auto file = folder_ / program;
    std::ofstream(file) << "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\" >>" << (folder_ / "calls").string()
                        << "\n"
                        << shell << "\n";
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }
  std::string calls() const {
    std::ifstream file(folder_ / "calls");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  base::Result<Slurm> made(config::Slurm wanted = {}, const std::string& store = "postgresql://h/d") const {
    return Slurm::make({std::move(wanted), "my-study", store, "/opt/sm2", folder_});
  }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(SlurmTest, AsksForWhatTheStudyFileSays) {
  config::Slurm wanted{4, 2, "gpu", "me", 1, 8, std::size_t{3} << 30, base::Seconds(5400), {"--qos=low"}};
  const auto command = made(wanted)->submission(3);
  EXPECT_THAT(command,
              IsSupersetOf({"sbatch", "--array=1-3", "--requeue", "--partition=gpu", "--account=me",
                            "--gpus=1", "--cpus-per-task=8", "--mem=3072M", "--time=90", "--qos=low"}));
  const std::vector<std::string> script(command.end() - 11, command.end());
  EXPECT_EQ(script, (std::vector<std::string>{(folder_ / "worker.sh").string(), "/opt/sm2", "worker",
                                              "my-study", "--store", "postgresql://h/d", "--places", "2",
                                              "--patience", "5 min", "--never-decide"}));
}

TEST_F(SlurmTest, LeavesOutWhatItDoesNotSay) {
  const auto command = made()->submission(1);
  for (const char* option : {"--partition", "--account", "--gpus", "--cpus-per-task", "--mem", "--time"})
    EXPECT_THAT(command, Not(Contains(HasSubstr(std::string(option) + "=")))) << option;
}

TEST_F(SlurmTest, TheJobsOfOneStudyInOneStoreHaveTheirName) {
  const auto name = [](const Slurm& slurm) { return slurm.submission(1).at(4); };
  EXPECT_THAT(name(*made()), HasSubstr("--job-name=sm2-my-study-"));
  EXPECT_EQ(name(*made()), name(*made()));
  EXPECT_NE(name(*made()), name(*made({}, "postgresql://h/other")));
}

TEST_F(SlurmTest, CountsJobsThatAreThereToStay) {
  auto slurm = made();
  says("squeue", "printf 'RUNNING\\nPENDING\\nCOMPLETING\\nSUSPENDED\\n'");
  EXPECT_EQ(slurm->alive().value(), 3);
  says("squeue", "");
  EXPECT_EQ(slurm->alive().value(), 0);
}

TEST_F(SlurmTest, RunsItsArgumentsWithoutAShell) {
  auto slurm = made({1, 1, "a;b $(c)", {}, {}, {}, {}, {}, {}});
  ASSERT_TRUE(slurm->submit(1));
  EXPECT_THAT(calls(), HasSubstr("--partition=a;b $(c)\n"));
  ASSERT_TRUE(slurm->cancel());
  EXPECT_THAT(calls(), HasSubstr("/scancel\n--me\n--name=sm2-my-study-"));
}

TEST_F(SlurmTest, SaysWhatSlurmSays) {
  says("squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1");
  const auto slurm = made();
  ASSERT_FALSE(slurm);
  EXPECT_THAT(slurm.error().message, HasSubstr("Slurm cannot be used here"));
  EXPECT_THAT(slurm.error().message, HasSubstr("Unable to contact slurm controller"));
}

}  // namespace
}  // namespace sm2::cluster
