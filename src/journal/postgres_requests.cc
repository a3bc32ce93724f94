#include "journal/postgres_requests.h"

#include <utility>

#include "journal/postgres_tables.h"

namespace sm2::journal {
namespace {

constexpr const char* kTables[] = {
    "CREATE TABLE IF NOT EXISTS sm2.requests (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
    "study bigint NOT NULL REFERENCES sm2.studies (id), wish text NOT NULL, trial integer)"};
constexpr const char* kThere =
    "SELECT count(*) = 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
    "WHERE nspname = 'sm2' AND relname = 'requests'";
constexpr const char* kAsk =
    "INSERT INTO sm2.requests (study, wish, trial) VALUES ($1, $2, nullif($3, '')::integer) RETURNING id";
constexpr const char* kPending = "SELECT id, wish, trial FROM sm2.requests WHERE study = $1 ORDER BY id";
constexpr const char* kSettle = "DELETE FROM sm2.requests WHERE study = $1 AND id = $2";

class PostgresRequests final : public Requests {
 public:
  PostgresRequests(std::shared_ptr<PostgresSession> session, std::string study)
      : session_(std::move(session)), study_(std::move(study)) {}

  base::Result<RequestId> ask(const trial::Request& request) override {
    const std::string trial = request.trial ? std::to_string(*request.trial) : "";
    const auto rows = session_->run(kAsk, {study_, std::string(trial::name(request.wish)), trial});
    if (!rows) return plain(rows.error());
    return rows->integer(0, 0);
  }

  // What this version knows to carry out.
  base::Result<std::vector<Pending>> pending() override {
    const auto rows = session_->ask(kPending, {study_});
    if (!rows) return plain(rows.error());
    std::vector<Pending> all;
    for (int row = 0; row < rows->size(); ++row) {
      const auto wish = trial::wish_named(rows->text(row, 1));
      if (!wish) continue;
      const auto trial = rows->known(row, 2)
                             ? std::optional(static_cast<trial::TrialId>(rows->integer(row, 2)))
                             : std::nullopt;
      all.push_back({rows->integer(row, 0), {*wish, trial}});
    }
    return all;
  }

  base::Result<> settle(RequestId id) override {
    const auto gone = session_->ask(kSettle, {study_, std::to_string(id)});  // twice is as well as once
    if (!gone) return plain(gone.error());
    return {};
  }

 private:
  std::shared_ptr<PostgresSession> session_;
  std::string study_;
};

}  // namespace

PostgresResult<std::unique_ptr<Requests>> postgres_requests(std::shared_ptr<PostgresSession> session,
                                                            std::string study) {
  if (auto made = make_tables(*session, kThere, kTables); !made) return tl::unexpected(made.error());
  return std::make_unique<PostgresRequests>(std::move(session), std::move(study));
}

}  // namespace sm2::journal
