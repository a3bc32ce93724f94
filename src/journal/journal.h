// Where what happened is kept. A store holds studies by name; a journal is one study's events. Contract, held
// by tests/contract/journal_test.cc for every store: append() returns only when the whole batch is durable,
// or fails and keeps nothing of it; visit_from() shows the events in order, exactly as they were appended, one at a time, so
// that a long study can be read in little memory, from the one with the given number, where the first has number 1. It fails as
// soon as the visitor does.
//
// A failure of append() is transient where the same batch may yet be stored: the store is full, locked, read-only or out of
// reach. It is then appended again before any other, the very same. A store that cannot know whether it kept a batch, as one
// that lost its connection at the commit, must tell by the numbers of its events, and store it once. Every other failure is
// for good.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "journal/mailbox.h"
#include "journal/requests.h"
#include "trial/event.h"

namespace sm2::journal {

using Visitor = std::function<base::Result<>(const trial::Event&)>;

class Journal {
 public:
  virtual ~Journal() = default;
  virtual base::Result<> append(std::span<const trial::Event> batch) = 0;
  virtual bool transient() const { return false; }  // the failure of the last append()
  virtual base::Result<> visit_from(std::size_t first, const Visitor& visitor) const = 0;
  base::Result<> visit(const Visitor& visitor) const { return visit_from(1, visitor); }
  base::Result<std::vector<trial::Event>> read() const;  // all of them
};

struct Length {
  std::string study;
  std::size_t events = 0;
  bool operator==(const Length&) const = default;
};

class Store {
 public:
  virtual ~Store() = default;
  virtual base::Result<std::vector<std::string>> studies() const = 0;  // names, oldest first
  virtual base::Result<std::vector<Length>> lengths() const = 0;       // of all studies, oldest first
  virtual base::Result<std::unique_ptr<Journal>> create(std::string_view study) = 0;  // fails when it exists
  virtual base::Result<std::unique_ptr<Journal>> open(std::string_view study) = 0;  // fails when it does not

  // Whether what is read is still what has the store's name: a file may have been deleted or replaced, or be read by way of
  // a copy that is older than it.
  virtual bool current() const { return true; }

  // Of a store that others can reach: one tuner at a time works on a study, which need not exist yet, from here to
  // its end. Fails when another does, and says which.
  virtual base::Result<> claim(std::string_view) { return {}; }
  virtual bool claimed(std::string_view) const { return false; }  // by any tuner

  // Likewise, for its tuner and workers; null: nobody else can join.
  virtual base::Result<std::unique_ptr<Mailbox>> join(std::string_view, Role, std::string) { return nullptr; }

  // What users ask of the study's tuner, of a store opened to write; null: the store carries none. Fails when the study does
  // not exist.
  virtual base::Result<std::unique_ptr<Requests>> requests(std::string_view) { return nullptr; }
};

}  // namespace sm2::journal
