#include "runner/channel.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace sm2::runner {
namespace {

constexpr std::size_t kStrangers = 16;
constexpr int kDurableAtATime = 16;  // each is journalled before anybody else is heard
constexpr std::size_t kMostUnsent = 1 << 20;
constexpr std::size_t kDrainAtMost = 4 << 20;  // more than a socket buffers

}  // namespace

base::Result<std::unique_ptr<Channel>> Channel::listen(const Job& job, const std::filesystem::path& path,
                                                       Poller& poller) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& name = path.native();
  if (name.size() >= sizeof address.sun_path) return base::fail("the socket's path '{}' is too long", name);
  ::memcpy(address.sun_path, name.data(), name.size());
  base::Descriptor listener =
      base::Descriptor::above_standard(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (!listener || ::bind(listener.get(), generic, sizeof address) != 0 ||
      ::listen(listener.get(), 16) != 0) {
    return base::fail("cannot listen on '{}': {}", name, ::strerror(errno));
  }
  return std::unique_ptr<Channel>(new Channel(job, path, poller, std::move(listener)));
}

Channel::Channel(const Job& job, std::filesystem::path path, Poller& poller, base::Descriptor listener)
    : job_(job),
      path_(std::move(path)),
      poller_(poller),
      listener_(std::move(listener)),
      quoted_metric_('"' + job.metric + '"') {
  poller_.add(listener_.get(), job_.trial);
}

Channel::~Channel() {
  if (client_) poller_.remove(client_->socket.get());
  for (const auto& stranger : strangers_) poller_.remove(stranger->socket.get());
  poller_.remove(listener_.get());
  ::unlink(path_.c_str());
}

void Channel::ready(int fd, base::Seconds now, std::vector<Message>& messages) {
  if (fd == listener_.get()) return accept_all();
  Connection* connection = find(fd);
  if (!connection) return;
  if (!connection->unsent.empty()) flush(*connection);
  read(*connection, now, messages);
}

void Channel::drain(base::Seconds now, std::vector<Message>& messages) {
  accept_all();
  std::vector<int> open;
  if (client_) open.push_back(client_->socket.get());
  for (const auto& stranger : strangers_) open.push_back(stranger->socket.get());
  for (const int fd : open) {
    std::size_t done = 0;
    for (Connection* connection = find(fd); connection && done < kDrainAtMost; connection = find(fd)) {
      const std::size_t got = read(*connection, now, messages);
      if (got == 0) break;
      done += got;
    }
  }
}

void Channel::accept_all() {
  for (int fd; (fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0;) {
    base::Descriptor socket = base::Descriptor::above_standard(fd);
    if (client_ || strangers_.size() >= kStrangers) {
      ++refused_;
      continue;
    }
    poller_.add(socket.get(), job_.trial);
    strangers_.push_back(std::make_unique<Connection>(++connections_, std::move(socket)));
  }
}

// Reads at most kReadAtOnce bytes, and in pieces, so that it can end with those that hold many evaluations; returns how
// many. The connection is gone afterwards when it ended.
std::size_t Channel::read(Connection& connection, base::Seconds now, std::vector<Message>& messages) {
  const auto each = [&](std::string_view line, bool cut) {
    if (!cut) take(connection, line, now, messages);
  };
  char bytes[8 << 10];
  std::size_t all = 0;
  durable_ = 0;
  while (all < kReadAtOnce && durable_ < kDurableAtATime) {
    const ssize_t got = ::recv(connection.socket.get(), bytes, sizeof bytes, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (got <= 0) {
      connection.lines.finish(each);
      close(connection);
      break;
    }
    all += static_cast<std::size_t>(got);
    connection.lines.feed({bytes, static_cast<std::size_t>(got)}, each);
    if (connection.lines.overlong()) {
      ++overlong_lines_;
      close(connection);
      break;
    }
    if (static_cast<std::size_t>(got) < sizeof bytes) break;  // what comes later, its end too, is told anew
  }
  take_last_surplus(messages);
  return all;
}

// A line that can be nothing else, told without parsing it. An escaped key may be anything.
bool Channel::is_step_report(std::string_view line) const {
  return line.find('\\') == line.npos && line.find(quoted_metric_) == line.npos &&
         line.find("\"checkpoint\"") == line.npos && line.find("\"hello\"") == line.npos;
}

void Channel::take(Connection& connection, std::string_view line, base::Seconds now,
                   std::vector<Message>& messages) {
  if (client_.get() == &connection && is_step_report(line) && !steps_.take(now)) {
    ++surplus_steps_;
    surplus_ = line;
    return;
  }
  take_last_surplus(messages);
  take_whole(connection, line, messages);
}

// It says how far the program is.
void Channel::take_last_surplus(std::vector<Message>& messages) {
  if (surplus_.empty()) return;
  --surplus_steps_;
  Message message = parse(surplus_, job_.metric, job_.unit);
  surplus_.clear();
  if (message.said) messages.push_back(std::move(message));
}

void Channel::take_whole(Connection& connection, std::string_view line, std::vector<Message>& messages) {
  Message message = parse(line, job_.metric, job_.unit);
  if (message.hello && (!client_ || client_.get() == &connection)) return welcome(connection, *message.hello);
  if (!message.understood || client_.get() != &connection) {
    ++ignored_lines_;
    return;
  }
  const bool evaluation = message.said && !message.said->metrics.empty();
  if (evaluation) unanswered_.push_back(connection.number);
  durable_ += evaluation || message.saved;
  messages.push_back(std::move(message));
}

void Channel::welcome(Connection& connection, const Hello& hello) {
  if (!client_) {
    for (auto& stranger : strangers_) {
      if (stranger.get() == &connection) {
        client_ = std::move(stranger);
      } else {
        ++refused_;
        poller_.remove(stranger->socket.get());
      }
    }
    strangers_.clear();
  }
  send(connection, answer_to_hello(job_, hello));
  if (asked_) send(connection, answer_with(*asked_));
}

bool Channel::awaited() const {
  return client_ && std::find(unanswered_.begin(), unanswered_.end(), client_->number) != unanswered_.end();
}

void Channel::hold_back(bool held) {
  if (!client_) return;
  const int fd = client_->socket.get();
  if (held) return poller_.remove(fd);
  poller_.add(fd, job_.trial);
  poller_.also_when_writable(fd, client_->blocked);
}

void Channel::answer(trial::Action action) {
  if (unanswered_.empty()) return;
  const bool present = client_ && client_->number == unanswered_.front();
  unanswered_.pop_front();
  if (present) send(*client_, answer_with(action));
}

void Channel::ask(trial::Action action) {
  asked_ = action;
  if (client_) send(*client_, answer_with(action));
}

void Channel::send(Connection& connection, std::string_view text) {
  connection.unsent.append(text);
  flush(connection);
  if (connection.unsent.size() > kMostUnsent) ::shutdown(connection.socket.get(), SHUT_RDWR);
}

void Channel::flush(Connection& connection) {
  std::string& unsent = connection.unsent;
  while (!unsent.empty()) {
    const ssize_t sent =
        ::send(connection.socket.get(), unsent.data(), unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) unsent.clear();  // gone; reading will tell
    if (sent < 0) break;
    unsent.erase(0, static_cast<std::size_t>(sent));
  }
  if (connection.blocked == !unsent.empty()) return;
  connection.blocked = !unsent.empty();
  poller_.also_when_writable(connection.socket.get(), connection.blocked);
}

void Channel::close(const Connection& connection) {
  poller_.remove(connection.socket.get());
  if (client_.get() == &connection) {
    client_.reset();
  } else {
    std::erase_if(strangers_, [&](const auto& stranger) { return stranger.get() == &connection; });
  }
}

Channel::Connection* Channel::find(int fd) {
  if (client_ && client_->socket.get() == fd) return client_.get();
  for (const auto& stranger : strangers_) {
    if (stranger->socket.get() == fd) return stranger.get();
  }
  return nullptr;
}

std::string Channel::complaints() const {
  std::string text;
  const auto add = [&](std::int64_t count, std::string_view one, std::string_view several) {
    if (count > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : "; ", count, count == 1 ? one : several);
  };
  add(ignored_lines_, "line that was no message, ignored", "lines that were no messages, ignored");
  add(overlong_lines_, "line of more than 1 MiB, connection closed",
      "lines of more than 1 MiB, connections closed");
  add(surplus_steps_, "step report left out, of more than 10,000 a second",
      "step reports left out, of more than 10,000 a second");
  add(refused_, "further connection, refused", "further connections, refused");
  return text;
}

}  // namespace sm2::runner
