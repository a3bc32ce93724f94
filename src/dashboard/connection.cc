#include "dashboard/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "dashboard/head.h"

namespace sm2::dashboard {
namespace {

constexpr std::size_t kMostDiscarded = 1 << 20;  // bytes

bool would_wait() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

Connection::Connection(base::Descriptor socket, const Limits& limits, Time now)
    : socket_(std::move(socket)), limits_(limits), begun_(now), progress_(now) {}

short Connection::awaited() const {
  switch (stage_) {
    case Stage::kHead:
    case Stage::kGoodbye:
      return POLLIN;
    case Stage::kSending:
      return POLLOUT;
    case Stage::kStreaming:
      return unsent() > 0 ? POLLIN | POLLOUT : POLLIN;
    default:
      return 0;
  }
}

Connection::Time Connection::deadline() const {
  switch (stage_) {
    case Stage::kHead:
      return begun_ + limits_.for_head;
    case Stage::kSending:
      return std::min(progress_ + limits_.for_progress, begun_ + limits_.for_answer);
    case Stage::kStreaming:
      return unsent() > 0 ? progress_ + limits_.for_progress : Time::max();
    case Stage::kGoodbye:
      return begun_ + limits_.for_goodbye;
    default:
      return Time::max();
  }
}

void Connection::ready(short events, Time now) {
  if (events == 0) return;
  if (events & (POLLERR | POLLNVAL)) return expire();
  switch (stage_) {
    case Stage::kHead:
      return receive_head();
    case Stage::kAnswering:
      if (events & POLLHUP) expire();
      return;
    case Stage::kStreaming:
      if ((events & (POLLIN | POLLHUP)) && !discard()) return expire();
      [[fallthrough]];
    case Stage::kSending:
      if (events & (POLLOUT | POLLHUP)) send(now);
      return;
    case Stage::kGoodbye:
      if (!discard()) expire();
      return;
    default:
      return;
  }
}

void Connection::receive_head() {
  std::array<char, 4096> part;
  for (;;) {
    const ssize_t got = ::recv(socket_.get(), part.data(), part.size(), 0);
    if (got < 0 && would_wait()) return;
    if (got <= 0) return expire();
    in_.append(part.data(), static_cast<std::size_t>(got));
    const std::size_t end = end_of_head(in_);
    if (end == 0) continue;
    in_.resize(end);
    stage_ = Stage::kComplete;
    return;
  }
}

bool Connection::discard() {
  std::array<char, 4096> part;
  for (;;) {
    const ssize_t got = ::recv(socket_.get(), part.data(), part.size(), 0);
    if (got < 0 && would_wait()) return true;
    if (got <= 0) return false;
    discarded_ += static_cast<std::size_t>(got);
    if (discarded_ > kMostDiscarded) return false;
  }
}

std::string Connection::take_head() {
  stage_ = Stage::kAnswering;
  return std::move(in_);
}

void Connection::answer(Reply reply, Time now) {
  out_ = std::move(reply.bytes);
  sent_ = 0;
  if (reply.stream) stream_ = std::make_shared<dashboard::Stream>(std::move(reply.stream));
  stage_ = Stage::kSending;
  begun_ = progress_ = now;
  send(now);
}

void Connection::send(Time now) {
  while (unsent() > 0) {
    const ssize_t went = ::send(socket_.get(), out_.data() + sent_, unsent(), MSG_NOSIGNAL);
    if (went < 0 && would_wait()) return;
    if (went <= 0) return expire();
    sent_ += static_cast<std::size_t>(went);
    progress_ = now;
  }
  out_ = {};
  sent_ = 0;
  if (stage_ == Stage::kStreaming) return;
  if (!stream_) return say_goodbye(now);
  stage_ = Stage::kStreaming;
  next_look_ = now;
}

// A client that is still sending would lose the answer were the connection closed at once.
void Connection::say_goodbye(Time now) {
  ::shutdown(socket_.get(), SHUT_WR);
  stage_ = Stage::kGoodbye;
  begun_ = now;
}

Connection::Time Connection::next_look() const {
  return stage_ == Stage::kStreaming && !looking_ && unsent() == 0 ? next_look_ : Time::max();
}

std::shared_ptr<dashboard::Stream> Connection::due(Time now) {
  if (now < next_look()) return nullptr;
  looking_ = true;
  return stream_;
}

void Connection::more(std::optional<std::string> text, Time now) {
  looking_ = false;
  next_look_ = now + limits_.between_looks;
  if (stage_ != Stage::kStreaming) return;
  if (!text) return say_goodbye(now);
  out_ = *std::move(text);
  progress_ = now;
  send(now);
}

}  // namespace sm2::dashboard
