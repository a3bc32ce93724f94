// Connections: who may be connected, for how long, and with how much. One thread holds them all and never waits for one of
// them; answers are made on a few others. Each connection has one request and its answer, and is then closed.
//
// A client can hold up nothing but itself: a head that does not come to its end in time, or is too long, an answer that is
// not taken, ends its connection; of too many, those that have waited longest with an unfinished head give way.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/descriptor.h"
#include "dashboard/http.h"
#include "dashboard/limits.h"

namespace sm2::dashboard {

class Server {
 public:
  using Answering =
      std::function<Reply(const std::string& head)>;  // on any of the threads, several at a time

  // Serves from here on.
  Server(base::Descriptor listening, Answering answering, const Limits& limits = {});

  // Ends at once, but for answers that are on their way: they have a second.
  ~Server();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace sm2::dashboard
