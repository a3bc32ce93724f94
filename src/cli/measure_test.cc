#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands.h"

namespace sm2::cli {
namespace {

using Json = nlohmann::json;

struct Ran {
  int status = 0;
  std::string out, err;
};

Ran measure(std::vector<std::string> arguments) {
  CLI::App app;
  Ran ran;
  add_measure(app, ran.status);
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  arguments.insert(arguments.begin(), "measure");
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  app.parse(arguments);
  ran.out = ::testing::internal::GetCapturedStdout();
  ran.err = ::testing::internal::GetCapturedStderr();
  return ran;
}

// cpu-model, so that a machine with readable RAPL gives the same.
Ran modelled(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--source", "cpu-model"});
  return measure(std::move(arguments));
}

class Folder {
 public:
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "sm2-measure-XXXXXX";
    if (!mkdtemp(name.data())) std::abort();
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }

  std::filesystem::path path;
};

TEST(Measure, RunsTheCommandAndTellsItsEnergyOnStandardError) {
  const Ran ran = modelled({"--", "sh", "-c", "echo $0 --json", "out"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "out --json\n");
  EXPECT_TRUE(ran.err.starts_with("energy      ")) << ran.err;
  EXPECT_NE(ran.err.find("(cpu-model, modelled)\nidle        "), std::string::npos) << ran.err;
}

TEST(Measure, PassesTheExitStatusThrough) { EXPECT_EQ(modelled({"--", "sh", "-c", "exit 7"}).status, 7); }

TEST(Measure, ReportsASignalAsAShellDoes) {
  const Ran ran = modelled({"--json", "--", "sh", "-c", "kill -9 $$"});
  EXPECT_EQ(ran.status, 137);
  EXPECT_EQ(Json::parse(ran.out)["signal"], 9);
}

TEST(Measure, PrintsJsonAfterTheCommandsOwnOutput) {
  const Ran ran =
      modelled({"--json", "--", "sh", "-c", "echo first; i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"});
  ASSERT_TRUE(ran.out.starts_with("first\n{")) << ran.out;
  const Json object = Json::parse(ran.out.substr(6));
  EXPECT_EQ(object["exit"], 0);
  EXPECT_GT(object["joules"], 0.0);
  EXPECT_GT(object["cpu_seconds"], 0.0);
  EXPECT_GT(object["seconds"], 0.0);
  EXPECT_EQ(ran.err, "");
}

TEST(Measure, WritesJsonToAFile) {
  const Folder folder;
  const auto file = folder.path / "energy.json";
  const Ran ran = modelled({"-o", file, "echo", "hello"});
  EXPECT_EQ(ran.out, "hello\n");
  std::ifstream in(file);
  EXPECT_EQ(Json::parse(in)["command"], Json({"echo", "hello"}));
  const Ran refused = modelled({"-o", folder.path / "no" / "energy.json", "echo", "hello"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_EQ(refused.out, "") << "a file that cannot be written is found before the command runs";
}

TEST(Measure, ACommandThatCannotBeStartedIsOneLine) {
  const Folder folder;
  std::ofstream(folder.path / "plain") << "text\n";
  for (const auto& [command, status] : {std::pair<std::string, int>{"sm2-no-such-command", 127},
                                        {folder.path / "absent", 127},
                                        {folder.path / "plain", 126}}) {
    const Ran ran = modelled({command});
    EXPECT_EQ(ran.status, status) << command;
    EXPECT_TRUE(ran.err.starts_with("sm2 measure: ")) << ran.err;
    EXPECT_NE(ran.err.find(command), std::string::npos) << ran.err;
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
  }
}

TEST(Measure, SourcesThatCannotBeUsedAreBadUsage) {
  const Ran unknown = measure({"--source", "sundial", "echo", "hello"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_EQ(unknown.out, "");
  EXPECT_TRUE(unknown.err.starts_with("sm2 measure: 'sundial' is not an energy source of this version"))
      << unknown.err;
  EXPECT_EQ(measure({"--source", "cpu-model", "--source", "cpu-model", "echo", "hello"}).status, 2);
}

TEST(Measure, WrongUseIsOneLineAndNothingRuns) {
  using Arguments = std::vector<std::string>;
  for (const Arguments& wrong : std::vector<Arguments>{{"--interval", "0.5"},
                                                       {"--repeat", "0"},
                                                       {"--versus", ""},
                                                       {"--idle", "soon"},
                                                       {"--idle-watts", "60W"},
                                                       {"--idle-watts", "gpu-7=60W"},
                                                       {"--grid", "Atlantis"},
                                                       {"--price", "cheap"},
                                                       {"--power-limit", "250"}}) {
    Arguments arguments = wrong;
    arguments.insert(arguments.end(), {"--", "echo", "ran"});
    const Ran ran = modelled(arguments);
    EXPECT_EQ(ran.status, 2) << wrong.front();
    EXPECT_EQ(ran.out, "") << wrong.front();
    EXPECT_TRUE(ran.err.starts_with("sm2 measure: " + wrong.front())) << ran.err;
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
  }
}

TEST(Measure, TheOtherCommandIsLookedForBeforeAnythingRuns) {
  const Ran ran = modelled({"--versus", "sm2-no-such-command", "--", "echo", "ran"});
  EXPECT_EQ(ran.status, 127);
  EXPECT_EQ(ran.out, "");
}

TEST(Measure, RepeatsAndStopsAtTheFirstFailure) {
  const Ran good = modelled({"--repeat", "3", "--json", "--", "true"});
  EXPECT_EQ(good.status, 0);
  EXPECT_EQ(Json::parse(good.out)["runs"].size(), 3u);
  const Ran bad = modelled({"--repeat", "3", "--", "sh", "-c", "exit 4"});
  EXPECT_EQ(bad.status, 4);
  EXPECT_NE(bad.err.find("sm2 measure: run 1 of 3 failed with exit status 4; the series ends here\n"),
            std::string::npos)
      << bad.err;
}

TEST(Measure, AnOptionAfterTheCommandIsNotTakenFromIt) {
  const Ran ran = modelled({"echo", "--json"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("--json stands after the command; put -- before"), std::string::npos);
}

}  // namespace
}  // namespace sm2::cli
