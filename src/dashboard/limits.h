// What clients may take of the server.
#pragma once

#include <chrono>
#include <cstddef>

namespace sm2::dashboard {

struct Limits {
  std::size_t connections = 256;
  std::size_t unsent = 64 << 20;               // bytes of answers that are not taken yet, of all connections
  std::size_t threads = 4;                     // that make answers
  std::chrono::milliseconds for_head{10'000};  // from connecting until the head is there
  std::chrono::milliseconds for_progress{15'000};  // until some of the answer is taken
  std::chrono::milliseconds for_answer{120'000};   // until all of it is
  std::chrono::milliseconds for_goodbye{2'000};    // until the client has closed, too
  std::chrono::milliseconds between_looks{1'000};  // at a stream
};

}  // namespace sm2::dashboard
