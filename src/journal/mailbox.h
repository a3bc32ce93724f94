// How those who work on a study, on whatever machines, speak with one another: through the store that they share. One of
// them, its tuner, decides; the others are its workers. A message to a member arrives once, and those of one sender in the
// order in which they were sent, also where the way to the store is lost and found again meanwhile. Messages to a member
// that has left are never read. Contract held by tests/contract/mailbox_test.cc. Not for several threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace sm2::journal {

using MemberId = std::int64_t;  // never used twice in a store

enum class Role { kTuner, kWorker };

struct Member {
  MemberId id = 0;
  Role role = Role::kWorker;
  std::string about;  // what it said of itself when it joined: a tuner, the folder that it was started in
  bool operator==(const Member&) const = default;
};

struct Mail {
  MemberId from = 0;
  std::string text;
  bool operator==(const Mail&) const = default;
};

class Mailbox {
 public:
  virtual ~Mailbox() = default;
  virtual MemberId self() const = 0;

  virtual void send(MemberId to, std::string text) = 0;  // with the next exchange()

  // Sends, and returns what has come. Fails while the store is out of reach: nothing is lost then, and the next one makes
  // up for it.
  virtual base::Result<std::vector<Mail>> exchange() = 0;

  // Why the last failure is for good, as where its tables were dropped; nothing: it passes.
  virtual std::optional<base::Error> lasting() const { return {}; }

  // The other members that the store knows to be there: one that was killed is not, nor one that is cut off from it.
  virtual base::Result<std::vector<Member>> present() = 0;

  // Readable when something has come; another one after the way to the store was lost. -1: there is none now.
  virtual int descriptor() const = 0;
};

}  // namespace sm2::journal
