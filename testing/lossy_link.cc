#include "testing/lossy_link.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

namespace sm2::testing {
namespace {

constexpr int kStepMilliseconds = 5;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

base::Descriptor connected(int port) {
  base::Descriptor line(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  if (connect(line.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) line.reset();
  return line;
}

}  // namespace

LossyLink::LossyLink(int server_port)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), server_port_(server_port) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size);
  listen(listener_.get(), 16);
  getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { work(); });
}

LossyLink::~LossyLink() { ending_ = true; }

// Returns when the thread knows.
void LossyLink::fail(Fault fault) {
  fault_ = fault;
  while (fault == Fault::kSilence && fault_ == fault) std::this_thread::yield();
}

void LossyLink::work() {
  while (!ending_) {
    if (fault_ == Fault::kSilence) {
      for (Line& line : lines_) line.silent = true;
      fault_ = Fault::kNone;
    }
    std::vector<pollfd> watched = {{listener_.get(), POLLIN, 0}};
    for (const Line& line : lines_) {
      const bool deaf = line.silent || !line.client;
      watched.push_back({deaf ? -1 : line.client.get(), POLLIN, 0});
      watched.push_back({deaf ? -1 : line.server.get(), POLLIN, 0});
    }
    poll(watched.data(), watched.size(), kStepMilliseconds);
    for (std::size_t at = 0; at < lines_.size(); ++at) {
      if (watched[2 * at + 1].revents) pass_on(lines_[at], true);
      if (watched[2 * at + 2].revents && lines_[at].client) pass_on(lines_[at], false);
    }
    if (watched[0].revents) accept_next();
  }
}

void LossyLink::accept_next() {
  base::Descriptor client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  base::Descriptor server = connected(server_port_);
  if (client && server) lines_.push_back({std::move(client), std::move(server)});
}

void LossyLink::pass_on(Line& line, bool from_client) {
  std::array<char, 65536> bytes;
  const int from = from_client ? line.client.get() : line.server.get();
  const int to = from_client ? line.server.get() : line.client.get();
  const ssize_t size = recv(from, bytes.data(), bytes.size(), 0);
  Fault cut = from_client ? Fault::kCutAtRequest : Fault::kCutAtAnswer;
  if (size > 0 && !fault_.compare_exchange_strong(cut, Fault::kNone)) {
    for (ssize_t sent = 0; sent < size;) {
      const ssize_t more = send(to, bytes.data() + sent, static_cast<std::size_t>(size - sent), MSG_NOSIGNAL);
      if (more <= 0) break;
      sent += more;
    }
    return;
  }
  line.client.reset();
  line.server.reset();
}

}  // namespace sm2::testing
