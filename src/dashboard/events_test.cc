#include "dashboard/events.h"

#include <gtest/gtest.h>

#include "dashboard/house_fixture.h"

namespace sm2::dashboard {
namespace {

using testing::SampleStudy;

const std::string kEvents = "/api/v1/studies/s/events";

class EventsTest : public HouseTest {
 protected:
  struct Message {
    std::string id;
    nlohmann::json data;
  };
  static Message parsed(const std::string& text) {
    const std::size_t data = text.find("\ndata: ");
    EXPECT_TRUE(text.starts_with("id: ") && data != std::string::npos && text.ends_with("\n\n")) << text;
    return {text.substr(4, data - 4), nlohmann::json::parse(text.substr(data + 7))};
  }
  static std::vector<int> trials(const Message& message) {
    std::vector<int> all;
    for (const auto& trial : message.data["trials"]) all.push_back(trial["trial"]);
    return all;
  }
};

TEST_F(EventsTest, TellWhatChangesFromNowOn) {
  SampleStudy sample = testing::decided_study();
  store(sample);
  const Answer answer = ask(kEvents);
  EXPECT_EQ(answer.type, "text/event-stream");
  ASSERT_TRUE(answer.stream);
  const Message first = parsed(*answer.stream());
  EXPECT_EQ(trials(first), std::vector<int>()) << "how it stands";
  EXPECT_EQ(first.data["study"]["state"], "finished");
  EXPECT_EQ(answer.stream(), "");
  const std::size_t before = sample.events.size();
  sample.train(3, SampleStudy::configuration(64, 0.1), 0, 1);
  store(sample, "s", before);
  const Message next = parsed(*answer.stream());
  EXPECT_EQ(next.id, std::to_string(sample.events.size()));
  EXPECT_EQ(next.data["events"], sample.events.size());
  EXPECT_EQ(trials(next), std::vector<int>{3});
  EXPECT_EQ(answer.stream(), "");
}

TEST_F(EventsTest, GoOnWhereTheClientLeftOff) {
  const SampleStudy sample = testing::decided_study();
  store(sample);
  for (std::size_t after = 0; after < sample.events.size(); ++after) {
    const std::string number = std::to_string(after);
    const auto by_header = *ask(kEvents, {{"last-event-id", number}}).stream();
    EXPECT_EQ(*ask(kEvents + "?after=" + number).stream(), by_header);
    EXPECT_EQ(parsed(by_header).id, std::to_string(sample.events.size()));
  }
  EXPECT_EQ(trials(parsed(*ask(kEvents + "?after=0").stream())).size(), 3u);
  EXPECT_EQ(ask(kEvents + "?after=x").status, 400);
}

TEST_F(EventsTest, ATunerThatDiesIsTold) {
  store(SampleStudy());
  running = "s";
  const Answer answer = ask(kEvents);
  EXPECT_EQ(parsed(*answer.stream()).data["study"]["state"], "running");
  EXPECT_EQ(answer.stream(), "");
  running = "";
  EXPECT_EQ(parsed(*answer.stream()).data["study"]["state"], "interrupted");
}

TEST_F(EventsTest, ManyChangesAreSeveralMessagesThatMissNothing) {
  SampleStudy sample;
  const int many = 2 * static_cast<int>(kMostInAMessage) + 7;
  for (int trial = 0; trial < many; ++trial) sample.train(trial, SampleStudy::configuration(64, 0.1), 0, 1);
  store(sample);
  const Answer answer = ask(kEvents + "?after=0");
  std::vector<int> all;
  std::string id;
  for (int message = 0; message < 3; ++message) {
    const Message next = parsed(*answer.stream());
    EXPECT_LE(next.data["trials"].size(), kMostInAMessage);
    for (const int trial : trials(next)) all.push_back(trial);
    id = next.id;
  }
  EXPECT_EQ(answer.stream(), "");
  EXPECT_EQ(id, std::to_string(sample.events.size()));
  ASSERT_EQ(std::ssize(all), many);
  for (int trial = 0; trial < many; ++trial) EXPECT_EQ(all[static_cast<std::size_t>(trial)], trial);
}

TEST_F(EventsTest, AStoreThatGoesAwayEndsNoStream) {
  store(testing::decided_study());
  const Answer answer = ask(kEvents);
  parsed(*answer.stream());
  watch.out_of_reach = "the server is gone";
  EXPECT_EQ(answer.stream(), "");
  watch.out_of_reach = "";
  EXPECT_EQ(answer.stream(), "");
  watch.store = journal::MemoryStore();
  EXPECT_EQ(answer.stream(), std::nullopt) << "the study is gone";
}

TEST_F(EventsTest, StreamsAreFewAndGiveTheirPlacesBack) {
  store(testing::decided_study());
  std::vector<Answer> streams;
  for (int taken = 0; taken < kMostStreams; ++taken) streams.push_back(ask(kEvents));
  EXPECT_TRUE(streams.back().stream);
  EXPECT_EQ(ask(kEvents).status, 503);
  streams.pop_back();
  EXPECT_EQ(ask(kEvents).status, 200);
  EXPECT_EQ(ask("/api/v1/studies/none/events").status, 404);
}

}  // namespace
}  // namespace sm2::dashboard
