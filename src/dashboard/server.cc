#include "dashboard/server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "dashboard/connection.h"
#include "dashboard/workers.h"

namespace sm2::dashboard {
namespace {

using Clock = std::chrono::steady_clock;
using Stage = Connection::Stage;
using std::chrono::milliseconds;

constexpr milliseconds kForTheLast{1'000};       // answers, at the end
constexpr milliseconds kNoDescriptorsLeft{100};  // until accepting is tried again

// For those that there is no room for.
std::string full() {
  const auto refuse = [](const Request&) {
    return problem({503, "The server has all the connections that it can hold.", {{"Retry-After", "2"}}});
  };
  return reply_to("GET / HTTP/1.1\r\n\r\n", refuse).bytes;
}

}  // namespace

class Server::Loop {
 public:
  Loop(base::Descriptor listening, Answering answering, const Limits& limits)
      : listening_(std::move(listening)),
        answering_(std::move(answering)),
        limits_(limits),
        full_(full()),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        workers_(limits.threads),
        thread_([this] { run(); }) {}

  ~Loop() {
    ending_ = true;
    wake();
    thread_.join();
  }

 private:
  using Id = std::uint64_t;  // growing, so that the oldest connection comes first

  void run() {
    while (!over()) {
      wait();
      now_ = Clock::now();
      take_in();
      if (!ending_) accept_all();
      for (auto& [id, connection] : connections_) tend(id, connection);
      make_room_for_answers();
      std::erase_if(connections_, [](const auto& each) { return each.second.stage() == Stage::kOver; });
    }
    connections_.clear();
  }

  bool over() {
    if (!ending_) return false;
    if (end_by_ == Clock::time_point()) end_by_ = Clock::now() + kForTheLast;
    const auto on_its_way = [](const auto& each) {
      const Stage stage = each.second.stage();
      return stage == Stage::kComplete || stage == Stage::kAnswering || stage == Stage::kSending;
    };
    return Clock::now() >= end_by_ || std::ranges::none_of(connections_, on_its_way);
  }

  void wait() {
    polled_.clear();
    polled_.push_back({wake_.get(), POLLIN, 0});
    const bool accepting = !ending_ && accept_after_ <= now_;
    polled_.push_back({accepting ? listening_.get() : -1, POLLIN, 0});
    Clock::time_point until = now_ + std::chrono::minutes(1);
    if (ending_) until = end_by_;
    if (!accepting && !ending_) until = accept_after_;
    for (const auto& [id, connection] : connections_) {
      polled_.push_back({connection.socket(), connection.awaited(), 0});
      until = std::min({until, connection.deadline(), connection.next_look()});
    }
    const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now()).count();
    ::poll(polled_.data(), polled_.size(), static_cast<int>(std::clamp<long>(left + 1, 0, 60'000)));
    auto event = polled_.begin() + 2;
    for (auto& [id, connection] : connections_) connection.ready(event++->revents, Clock::now());
  }

  // What the workers have made.
  void take_in() {
    std::uint64_t ignored = 0;
    [[maybe_unused]] const auto got = ::read(wake_.get(), &ignored, sizeof ignored);
    std::vector<std::function<void()>> made;
    {
      const std::lock_guard lock(mutex_);
      made.swap(made_);
    }
    for (const auto& arrive : made) arrive();
  }

  void accept_all() {
    for (;;) {
      base::Descriptor socket(::accept4(listening_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!socket) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
          accept_after_ = now_ + kNoDescriptorsLeft;
        if (errno == ECONNABORTED || errno == EINTR) continue;
        return;
      }
      if (connections_.size() < limits_.connections || make_room()) {
        connections_.try_emplace(++last_, std::move(socket), limits_, now_);
      } else {
        [[maybe_unused]] const auto sent = ::send(socket.get(), full_.data(), full_.size(), MSG_NOSIGNAL);
      }
    }
  }

  bool make_room() {
    const auto idle = std::ranges::find_if(connections_, [](const auto& each) {
      return each.second.stage() == Stage::kHead || each.second.stage() == Stage::kGoodbye;
    });
    if (idle == connections_.end()) return false;
    connections_.erase(idle);
    return true;
  }

  void tend(Id id, Connection& connection) {
    if (connection.deadline() <= now_) return connection.expire();
    if (connection.stage() == Stage::kComplete) {
      work_for(id, [this, id, head = connection.take_head()] {
        const auto reply = std::make_shared<Reply>(answering_(head));
        arrive(id, [this, reply](Connection& to) { to.answer(std::move(*reply), now_); });
      });
    }
    if (const auto stream = connection.due(now_)) {
      work_for(id, [this, id, stream] {
        const auto text = std::make_shared<std::optional<std::string>>((*stream)());
        arrive(id, [this, text](Connection& to) { to.more(std::move(*text), now_); });
      });
    }
  }

  // What cannot be done, as memory has run out, ends the connection alone.
  template <class Work>
  void work_for(Id id, Work work) {
    workers_.give([this, id, work = std::move(work)] {
      try {
        work();
      } catch (const std::exception&) {
        arrive(id, [](Connection& to) { to.expire(); });
      }
    });
  }

  // From a worker: what is to be done with a connection, where that is still there.
  template <class Do>
  void arrive(Id id, Do with) {
    const std::lock_guard lock(mutex_);
    made_.push_back([this, id, with] {
      const auto found = connections_.find(id);
      if (found != connections_.end()) with(found->second);
    });
    wake();
  }

  // Those that have waited longest for their clients to take their answers give way.
  void make_room_for_answers() {
    std::size_t unsent = 0;
    for (const auto& [id, connection] : connections_) unsent += connection.unsent();
    for (auto& [id, connection] : connections_) {
      if (unsent <= limits_.unsent) return;
      unsent -= connection.unsent();
      if (connection.unsent() > 0) connection.expire();
    }
  }

  void wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
  }

  const base::Descriptor listening_;
  const Answering answering_;
  const Limits limits_;
  const std::string full_;
  const base::Descriptor wake_;
  std::atomic<bool> ending_ = false;

  std::mutex mutex_;
  std::vector<std::function<void()>> made_;  // by workers, for the loop

  std::map<Id, Connection> connections_;  // the loop's own, as is all below
  Id last_ = 0;
  std::vector<pollfd> polled_;
  Clock::time_point now_ = Clock::now(), accept_after_{}, end_by_{};

  Workers workers_;
  std::thread thread_;
};

Server::Server(base::Descriptor listening, Answering answering, const Limits& limits)
    : loop_(std::make_unique<Loop>(std::move(listening), std::move(answering), limits)) {}

Server::~Server() = default;

}  // namespace sm2::dashboard
