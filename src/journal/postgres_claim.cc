#include "journal/postgres_claim.h"

#include <unistd.h>

#include <chrono>
#include <optional>
#include <random>
#include <sstream>
#include <thread>

#include "base/clock.h"
#include "base/host_name.h"

namespace sm2::journal {
namespace {

// The session of a tuner that was killed this moment needs a little to end.
constexpr base::Seconds kPatience{1};
constexpr std::chrono::milliseconds kStep{20};

// "sm2" and a byte, so that other programs' locks in the database are not taken for ours.
constexpr const char* kTake = "SELECT pg_try_advisory_lock(hashtextextended($1, 1936535041))";
constexpr const char* kHolder = R"(
  SELECT activity.pid, activity.application_name
  FROM pg_locks AS lock JOIN pg_stat_activity AS activity USING (pid)
  WHERE lock.locktype = 'advisory' AND lock.granted AND lock.objsubid = 1
    AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (lock.classid::bigint << 32) | lock.objid::bigint = hashtextextended($1, 1936535041))";
constexpr const char* kEnd = "SELECT pg_terminate_backend($1::integer)";

struct Holder {
  std::string process;  // of the server
  std::string name;
};

PostgresResult<std::optional<Holder>> holder(PostgresConnection& connection, const std::string& study) {
  const auto rows = connection.run(kHolder, {study});
  if (!rows) return tl::unexpected(rows.error());
  if (rows->size() == 0) return std::nullopt;
  return Holder{rows->text(0, 0), rows->text(0, 1)};
}

PostgresResult<bool> take(PostgresConnection& connection, const std::string& study) {
  const auto rows = connection.run(kTake, {study});
  if (!rows) return tl::unexpected(rows.error());
  return rows->truth(0, 0);
}

PostgresError still_mine(std::string_view store) {
  return explain("", "an earlier connection of this tuner has not ended there yet", store);
}

}  // namespace

std::string claimant() {
  return fmt::format("sm2 {} {:08x} {}", getpid(), std::random_device{}(), base::host_name());
}

std::string readable(std::string_view claimant) {
  std::istringstream words{std::string(claimant)};
  std::string program, token, host;
  long process = 0;
  if (words >> program >> process >> token >> host && program == "sm2")
    return fmt::format("process {} on {}", process, host);
  return claimant.empty() ? "a session without a name" : std::string(claimant);
}

PostgresResult<> claim(PostgresConnection& connection, const std::string& study, const std::string& mine,
                       std::string_view store) {
  const base::SystemClock clock;
  const base::Seconds until = clock.monotonic() + kPatience;
  while (true) {
    const auto taken = take(connection, study);
    if (!taken) return tl::unexpected(taken.error());
    if (*taken) return {};
    const auto other = holder(connection, study);
    if (!other) return tl::unexpected(other.error());
    const bool ours = *other && (*other)->name == mine;
    if (ours) {
      if (auto ended = connection.run(kEnd, {(*other)->process}); !ended)
        return tl::unexpected(ended.error());
    }
    if (clock.monotonic() > until) {
      if (ours || !*other) return tl::unexpected(still_mine(store));
      return refuse("another sm2 tune works on this study already ({}); wait for it, or end it first",
                    readable((*other)->name));
    }
    std::this_thread::sleep_for(kStep);
  }
}

PostgresResult<bool> claimed(PostgresConnection& connection, const std::string& study) {
  const auto found = holder(connection, study);
  if (!found) return tl::unexpected(found.error());
  return found->has_value();
}

}  // namespace sm2::journal
