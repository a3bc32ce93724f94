// The Unix stream socket of one trial. The connection that says hello first is the program's; it is answered
// here, and others are refused while it is open. Reading is bounded per call, so that a flood from one
// program neither holds up nor fills the tuner; of step reports that come faster than kStepsPerSecond only the last
// of each call is parsed. What the tuner sends waits in a bounded buffer for a slow reader.
#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "runner/allowance.h"
#include "runner/lines.h"
#include "runner/poller.h"
#include "runner/protocol.h"

namespace sm2::runner {

inline constexpr std::size_t kReadAtOnce = 256 << 10;  // bytes of one descriptor per call
inline constexpr double kStepsPerSecond = 10'000;

class Channel {
 public:
  // `job` and `poller` must outlive the channel; `path` is removed with it.
  static base::Result<std::unique_ptr<Channel>> listen(const Job& job, const std::filesystem::path& path,
                                                       Poller& poller);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel();

  // Takes in what is ready on one of its descriptors and appends what the program said, its hello apart.
  void ready(int fd, base::Seconds now, std::vector<Message>& messages);
  // At the program's end: everything it had sent, even on connections not accepted yet.
  void drain(base::Seconds now, std::vector<Message>& messages);
  // Whether to leave what the program says unread for now.
  void hold_back(bool held);

  bool connected() const { return client_ != nullptr; }
  bool awaited() const;  // the program waits for an answer

  void answer(trial::Action action);  // to the oldest unanswered evaluation
  void ask(trial::Action action);     // unasked; also goes to a program that says hello later

  // What was wrong with what came, for people; empty when nothing was.
  std::string complaints() const;

 private:
  struct Connection {
    int number;
    base::Descriptor socket;
    Lines lines{kLongestMessage};
    std::string unsent;
    bool blocked = false;  // waits until the socket is writable
  };

  Channel(const Job& job, std::filesystem::path path, Poller& poller, base::Descriptor listener);
  void accept_all();
  std::size_t read(Connection& connection, base::Seconds now, std::vector<Message>& messages);
  void take(Connection& connection, std::string_view line, base::Seconds now, std::vector<Message>& messages);
  void take_whole(Connection& connection, std::string_view line, std::vector<Message>& messages);
  void take_last_surplus(std::vector<Message>& messages);
  bool is_step_report(std::string_view line) const;
  void welcome(Connection& connection, const Hello& hello);
  void send(Connection& connection, std::string_view text);
  void flush(Connection& connection);
  void close(const Connection& connection);
  Connection* find(int fd);

  const Job& job_;
  std::filesystem::path path_;
  Poller& poller_;
  base::Descriptor listener_;
  std::vector<std::unique_ptr<Connection>> strangers_;  // have not said hello
  std::unique_ptr<Connection> client_;
  Allowance steps_{kStepsPerSecond, kStepsPerSecond};
  std::string surplus_;  // the last step report that was one too many
  std::string quoted_metric_;
  int durable_ = 0;             // evaluations and checkpoints of this call
  std::deque<int> unanswered_;  // by connection, oldest first
  std::optional<trial::Action> asked_;
  int connections_ = 0;
  int refused_ = 0;
  int ignored_lines_ = 0;
  int overlong_lines_ = 0;
  std::int64_t surplus_steps_ = 0;
};

}  // namespace sm2::runner
