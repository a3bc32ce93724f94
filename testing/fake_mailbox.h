// Mailboxes of one post office in memory, for tuners and workers in one thread. A member can be cut off: then its
// exchanges fail, nothing is lost, and it is not present. The office may be closed for good.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sm2::testing {

class PostOffice {
 public:
  struct Desk {
    journal::Role role;
    std::string about;
    std::vector<journal::Mail> mail;
    bool reached = true;
  };

  void cut_off(journal::MemberId member) { desks_.at(member).reached = false; }
  void reach(journal::MemberId member) { desks_.at(member).reached = true; }
  void close() { closed_ = true; }
  void remove(journal::MemberId member) { desks_.erase(member); }

  std::unique_ptr<journal::Mailbox> join(journal::Role role, std::string about);

 private:
  friend class FakeMailbox;
  std::map<journal::MemberId, Desk> desks_;
  journal::MemberId last_ = 0;
  bool closed_ = false;
};

class FakeMailbox final : public journal::Mailbox {
 public:
  FakeMailbox(PostOffice& office, journal::MemberId self) : office_(office), self_(self) {}
  ~FakeMailbox() override { office_.remove(self_); }

  journal::MemberId self() const override { return self_; }
  void send(journal::MemberId to, std::string text) override { unsent_.emplace_back(to, std::move(text)); }

  base::Result<std::vector<journal::Mail>> exchange() override {
    if (!reached()) return base::fail("the store is out of reach");
    for (auto& [to, text] : std::exchange(unsent_, {})) {
      const auto desk = office_.desks_.find(to);
      if (desk != office_.desks_.end()) desk->second.mail.push_back({self_, std::move(text)});
    }
    return std::exchange(office_.desks_.at(self_).mail, {});
  }

  base::Result<std::vector<journal::Member>> present() override {
    if (!reached()) return base::fail("the store is out of reach");
    std::vector<journal::Member> members;
    for (const auto& [id, desk] : office_.desks_) {
      if (id != self_ && desk.reached) members.push_back({id, desk.role, desk.about});
    }
    return members;
  }

  int descriptor() const override { return -1; }
  std::optional<base::Error> lasting() const override {
    return office_.closed_ ? std::optional(base::Error{"the office is closed"}) : std::nullopt;
  }

 private:
  bool reached() const { return !office_.closed_ && office_.desks_.at(self_).reached; }

  PostOffice& office_;
  journal::MemberId self_;
  std::vector<std::pair<journal::MemberId, std::string>> unsent_;
};

inline std::unique_ptr<journal::Mailbox> PostOffice::join(journal::Role role, std::string about) {
  desks_[++last_] = {role, std::move(about), {}, true};
  return std::make_unique<FakeMailbox>(*this, last_);
}

}  // namespace sm2::testing
