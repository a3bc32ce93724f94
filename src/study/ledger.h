// What has happened and is not durable yet, and its way into the journal. While the journal cannot take it (its error is
// transient) the ledger keeps it and tries again at growing intervals: the study is paused. What it says of that is for
// people, a line each.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "journal/journal.h"

namespace sm2::study {

using Say = std::function<void(const std::string&)>;

class Ledger {
 public:
  // Both outlive it.
  Ledger(journal::Journal& journal, const base::Clock& clock, Say say);

  void add(trial::Event event);

  // Whether everything is durable now. In a pause it tries when the time has come, or with `at_once`. Fails where the
  // journal does for good.
  base::Result<bool> commit(bool at_once = false);

  bool empty() const { return pending_.empty(); }
  bool paused() const { return pause_.has_value(); }
  base::Seconds paused_for() const;               // 0 when it is not
  std::optional<base::Seconds> next_try() const;  // monotonic time, in a pause

 private:
  struct Pause {
    base::Seconds begun, next_try, interval;
    std::size_t tried;  // events of the batch that failed, which is tried as it was
    std::string reason;
  };

  void pause(const std::string& reason, std::size_t tried);
  void resume();

  journal::Journal& journal_;
  const base::Clock& clock_;
  Say say_;
  std::vector<trial::Event> pending_;
  std::optional<Pause> pause_;
};

}  // namespace sm2::study
