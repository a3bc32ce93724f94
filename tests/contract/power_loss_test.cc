// What a store on disk must keep when the power fails at any moment: every batch whose append() returned, in order, and of the one
// that was being appended all or nothing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "journal/sqlite.h"
#include "testing/fragile_disk.h"

namespace sm2::journal {
namespace {

constexpr const char* kFile = "store.db";
constexpr int kSessions = 3, kBatchesASession = 4;
constexpr std::size_t kEvents = 3;  // a batch

// Of several pages each.
std::vector<trial::Event> batch(int number) {
  std::vector<trial::Event> events;
  for (std::size_t k = 0; k < kEvents; ++k) {
    trial::Closed body{"finished", fmt::format("{}.{} ", number, k), {}};
    body.reason.resize(5'000, 'x');
    events.push_back({base::Seconds(number), body});
  }
  return events;
}

// Appends the next batches, and closes the store, when SQLite moves its log into the file; how many appends returned.
int use_for_a_session(int from) {
  auto store = open_sqlite(kFile, Access::kWrite);
  if (!store) return 0;
  auto journal = from == 0 ? (*store)->create("study") : (*store)->open("study");
  if (!journal) return 0;
  int appended = 0;
  while (appended < kBatchesASession && (*journal)->append(batch(from + appended))) ++appended;
  return appended;
}

int use_until_the_power_fails() {
  int appended = 0;
  for (int session = 0; session < kSessions && appended == session * kBatchesASession; ++session)
    appended += use_for_a_session(appended);
  return appended;
}

// The batches that are there; each must be whole and in its place.
int batches_left() {
  auto store = open_sqlite(kFile, Access::kWrite);
  EXPECT_TRUE(store) << store.error().message;
  if (!store || (*store)->studies()->empty()) return 0;
  const auto events = (*(*store)->open("study"))->read();
  EXPECT_TRUE(events) << events.error().message;
  if (!events) return 0;
  EXPECT_EQ(events->size() % kEvents, 0u) << "half a batch";
  for (std::size_t at = 0; at < events->size(); ++at) {
    const auto wanted = batch(static_cast<int>(at / kEvents)).at(at % kEvents);
    EXPECT_EQ(std::get<trial::Closed>(events->at(at).body).reason,
              std::get<trial::Closed>(wanted.body).reason);
  }
  return static_cast<int>(events->size() / kEvents);
}

TEST(PowerLoss, EveryBatchThatWasAppendedIsThereAndNoneIsHalf) {
  int operations = 0;
  {
    testing::FragileDisk disk;
    ASSERT_EQ(use_until_the_power_fails(), kSessions * kBatchesASession);
    operations = disk.operations();
  }
  base::Random random(1);
  for (int at = 1; at <= operations; ++at) {
    testing::FragileDisk disk;
    disk.fail_power_at(at);
    const int appended = use_until_the_power_fails();
    disk.restore_power(random);
    const int left = batches_left();
    ASSERT_GE(left, appended) << "operation " << at << " of " << operations;
    ASSERT_LE(left, appended + 1) << "operation " << at;
    ASSERT_FALSE(HasFailure()) << "operation " << at;
  }
}

}  // namespace
}  // namespace sm2::journal
