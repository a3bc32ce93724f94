#include "client/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace sm2::client {

Connection::Connection(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    throw std::runtime_error("the path is longer than " + std::to_string(sizeof address.sun_path - 1) +
                             " bytes");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0) throw std::runtime_error(std::strerror(errno));
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int reason = errno;
    ::close(socket_);
    throw std::runtime_error(std::strerror(reason));
  }
}

Connection::~Connection() { ::close(socket_); }

void Connection::offer(std::string_view line) {
  flush(false);
  if (lost_ || !unsent_.empty()) return;
  unsent_.append(line).push_back('\n');
  const std::size_t whole = unsent_.size();
  flush(false);
  if (unsent_.size() == whole) unsent_.clear();
}

void Connection::send(std::string_view line) {
  if (lost_) return;
  unsent_.append(line).push_back('\n');
  flush(true);
}

void Connection::flush(bool wait) {
  std::size_t done = 0;
  while (!lost_ && done < unsent_.size()) {
    const ssize_t sent = ::send(socket_, unsent_.data() + done, unsent_.size() - done,
                                MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
    if (sent >= 0) {
      done += static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno != EINTR) {
      lost_ = true;
    }
  }
  unsent_.erase(0, done);
}

// What waits in recv is also woken, for nothing, when its peer has read what was sent; and the peer waits until that is done.
void Connection::wait_until_readable() {
  pollfd readable{socket_, POLLIN, 0};
  ::poll(&readable, 1, -1);
}

std::optional<std::string> Connection::next_line(bool wait) {
  std::size_t searched = 0;
  for (;;) {
    const std::size_t end = received_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return line;
    }
    searched = received_.size();
    if (wait) wait_until_readable();
    char bytes[4096];
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, wait ? 0 : MSG_DONTWAIT);
    if (got > 0) {
      received_.append(bytes, static_cast<std::size_t>(got));
    } else if (got < 0 && errno == EINTR) {
      continue;
    } else {
      lost_ = lost_ || got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
      return std::nullopt;
    }
  }
}

}  // namespace sm2::client
