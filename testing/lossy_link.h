// A network between a client and a server on this machine, that can be made to fail: a port that passes on what it is sent,
// both ways, until it is told otherwise. Its thread ends with it.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "base/descriptor.h"

namespace sm2::testing {

class LossyLink {
 public:
  enum class Fault {
    kNone,
    kCutAtRequest,  // the next bytes from a client reach nobody, and its connection ends
    kCutAtAnswer,   // the same of those from the server
    kSilence,       // nothing is passed on, and nothing ends: as behind a network that is gone
  };

  explicit LossyLink(int server_port);
  LossyLink(const LossyLink&) = delete;
  LossyLink& operator=(const LossyLink&) = delete;
  ~LossyLink();

  int port() const { return port_; }

  // A cut comes once; silence is of the connections that there are, and those that are made later are sound.
  void fail(Fault fault);

 private:
  struct Line {
    base::Descriptor client, server;
    bool silent = false;
  };

  void work();
  void accept_next();
  void pass_on(Line& line, bool from_client);

  base::Descriptor listener_;
  int server_port_, port_ = 0;
  std::atomic<Fault> fault_ = Fault::kNone;
  std::atomic<bool> ending_ = false;
  std::vector<Line> lines_;  // the thread's
  std::jthread thread_;
};

}  // namespace sm2::testing
