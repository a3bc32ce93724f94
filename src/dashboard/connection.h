// One client's connection, which never waits: a head comes in, an answer goes out, then both sides close. What is received
// beyond the head is thrown away. Owned by one thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/descriptor.h"
#include "dashboard/http.h"
#include "dashboard/limits.h"

namespace sm2::dashboard {

class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Stage {
    kHead,       // comes in
    kComplete,   // the head, to be answered
    kAnswering,  // elsewhere
    kSending,
    kStreaming,  // what was answered goes on
    kGoodbye,    // the answer is sent, and the client has not closed yet
    kOver
  };

  Connection(base::Descriptor socket, const Limits& limits, Time now);

  Stage stage() const { return stage_; }
  int socket() const { return socket_.get(); }
  short awaited() const;               // events, as poll() takes them
  void ready(short events, Time now);  // as it gives them
  Time deadline() const;               // after which expire() is called
  void expire() { stage_ = Stage::kOver; }

  std::string take_head();             // of kComplete, which becomes kAnswering
  void answer(Reply reply, Time now);  // of kAnswering
  std::size_t unsent() const { return out_.size() - sent_; }

  // Of kStreaming: the stream to ask, when it is time; more() has what it said.
  std::shared_ptr<dashboard::Stream> due(Time now);
  Time next_look() const;
  void more(std::optional<std::string> text, Time now);

 private:
  void receive_head();
  bool discard();  // what was received; false: the client has closed
  void send(Time now);
  void say_goodbye(Time now);

  base::Descriptor socket_;
  const Limits& limits_;
  Stage stage_ = Stage::kHead;
  std::string in_, out_;
  std::size_t sent_ = 0, discarded_ = 0;
  Time begun_, progress_;  // of the stage; of sending
  std::shared_ptr<dashboard::Stream> stream_;
  bool looking_ = false;  // the stream is being asked
  Time next_look_{};
};

}  // namespace sm2::dashboard
