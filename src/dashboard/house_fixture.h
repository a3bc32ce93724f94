// A router over a memory store, for tests of what it answers; no network.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "dashboard/dashboard.h"
#include "dashboard/router.h"
#include "testing/sample_study.h"
#include "testing/watched_store.h"

namespace sm2::dashboard {

// The text of a study file that `sample` could have been begun with.
inline std::string study_text(const std::string& name = "s") {
  return "[study]\nname = \"" + name +
         "\"\ncommand = [\"./train\", \"--batch-size={batch_size}\", \"--lr={learning_rate}\"]\n"
         "metric = { name = \"val_accuracy\", goal = \"maximize\" }\nresource = { unit = \"epoch\", max = 20 "
         "}\n"
         "[space]\nbatch_size = { values = [64, 512] }\nlearning_rate = { low = 1e-4, high = 1.0, scale = "
         "\"log\" }\n";
}

class HouseTest : public ::testing::Test {
 protected:
  explicit HouseTest(Admission admission = {8714, true, {}, {}}, Assets assets = {"the script", "the style"})
      : studies(
            {"the store", [this] { return testing::WatchedStore::open(watch); },
             [this](const std::string& study) { return study == running; }},
            {std::chrono::milliseconds(0), std::chrono::milliseconds(0), std::chrono::milliseconds(0), 32}),
        router(make_router(
            studies, [](const std::string& study) { return "/nowhere/sm2.trials/" + study; }, assets,
            std::move(admission),
            [this](const std::string& study,
                   const trial::Request& request) -> base::Result<journal::RequestId> {
              asked.emplace_back(study, request);
              return static_cast<journal::RequestId>(asked.size());
            })) {}

  // The events of a sample, from the one with that number on, under a name of the store.
  void store(const testing::SampleStudy& sample, const std::string& name = "s", std::size_t from = 0) {
    std::vector<trial::Event> events(sample.events.begin() + static_cast<std::ptrdiff_t>(from),
                                     sample.events.end());
    if (from == 0) events[0].body = trial::Created{study_text()};
    auto journal = from == 0 ? watch.store.create(name) : watch.store.open(name);
    ASSERT_TRUE(journal);
    ASSERT_TRUE((*journal)->append(events));
  }

  using Headers = std::vector<std::pair<std::string, std::string>>;
  Answer ask(const std::string& target, Headers headers = {}, const std::string& method = "GET") const {
    headers.insert(headers.begin(), {"host", "127.0.0.1:8714"});
    return router->answer({method, target, std::move(headers)});
  }
  nlohmann::json json(const std::string& target) const {
    const Answer answer = ask(target);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return nlohmann::json::parse(answer.body);
  }
  static std::string header(const Answer& answer, const std::string& name) {
    for (const auto& [each, value] : answer.headers) {
      if (each == name) return value;
    }
    return "";
  }

  testing::Watch watch;
  std::string running;                                        // the study that a tuner works on
  std::vector<std::pair<std::string, trial::Request>> asked;  // of tuners, in order
  Studies studies;
  std::unique_ptr<Router> router;
};

}  // namespace sm2::dashboard
