// The studies of a store, kept folded: a request reads the events that are new since the last one, and nothing else. The
// store is opened to read, by the first request and again when it was replaced; what is read ends at once, so that no
// transaction is held between requests. Of studies that nobody looked at lately only the row in the list is kept.
//
// Any thread may call; they take turns at the store, and look at a study together. A store that cannot be read is not tried
// again for a moment, so that requests do not queue up behind a server that is gone.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "dashboard/folded.h"
#include "journal/journal.h"

namespace sm2::dashboard {

struct Source {
  std::string name;  // of the store, as it may be shown
  std::function<base::Result<std::unique_ptr<journal::Store>>()> open;
  std::function<bool(const std::string& study)> tuner_here;  // whether a tuner of this machine works on it
};

struct Patience {                                 // milliseconds
  std::chrono::milliseconds fresh{100};           // what was read is shown again without a look at the store
  std::chrono::milliseconds after_failure{2000};  // until the store is tried again
  std::chrono::milliseconds between_openings{
      2000};                     // of a store that changed its place, or is read by way of copies
  std::size_t most_folded = 32;  // studies, at a time
};

class Studies {
 public:
  explicit Studies(Source source, Patience patience = {});

  // Of every study that has begun, oldest first. Fails when the store cannot be read.
  base::Result<std::vector<std::shared_ptr<const Row>>> rows();

  // Shows the study as it is now, if there is one; the reference holds during the call, in which the study stands still and
  // no other call to this may be made.
  using See = std::function<void(const Folded&)>;
  struct Seen {
    bool there = false;
    std::string trouble;  // why it could not be shown
  };
  base::Result<Seen> see(const std::string& study, const See& see);

  const std::string& store_name() const { return source_.name; }

 private:
  struct Book {
    std::shared_ptr<Folded> folded;  // none: not looked at lately
    std::shared_ptr<const Row> row;
    std::size_t events = 0;  // of which the row tells
    std::uint64_t looked_at = 0;
  };

  base::Result<> refresh();
  base::Result<> open();
  base::Result<> read_lengths();
  void read(const std::string& study, Book& book);
  bool tuner_alive(const std::string& study) const;
  void forget_some();

  const Source source_;
  const Patience patience_;
  std::mutex mutex_;  // of everything below
  std::unique_ptr<journal::Store> store_;
  std::vector<std::string> order_;
  std::map<std::string, Book> books_;
  std::uint64_t looks_ = 0;
  std::chrono::steady_clock::time_point tried_{}, opened_{};
  std::optional<base::Error> failure_;  // of the last try
};

}  // namespace sm2::dashboard
