// Lines over a Unix stream socket, for a program that must never be held up or killed by its peer: no
// SIGPIPE, no exception after connecting, and a lost peer is a state. A line is passed without its newline; a
// line kept back by a full buffer keeps its place. Owns the descriptor (close-on-exec). One thread at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sm2::client {

class Connection {
 public:
  explicit Connection(const std::string& path);  // throws std::runtime_error with the reason
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool lost() const { return lost_; }

  // Without waiting: the line is left out if the peer does not keep up.
  void offer(std::string_view line);

  // Waits for room in the socket's buffer.
  void send(std::string_view line);

  // The next line from the peer; none if nothing complete is there yet, or ever will be.
  std::optional<std::string> poll_line() { return next_line(false); }
  std::optional<std::string> wait_line() { return next_line(true); }

 private:
  void flush(bool wait);
  void wait_until_readable();
  std::optional<std::string> next_line(bool wait);

  int socket_ = -1;
  bool lost_ = false;
  std::string unsent_;    // the rest of what the socket's buffer had no room for
  std::string received_;  // bytes not yet handed out
};

}  // namespace sm2::client
