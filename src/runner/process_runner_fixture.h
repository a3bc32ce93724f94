// What the tests of ProcessRunner share: a runner with a temporary folder, short ways to run shell scripts as
// training programs, and a scripted client that talks to the runner from the test itself.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "runner/process_runner.h"
#include "runner/process_table.h"

namespace sm2::runner {

inline std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline bool alive(pid_t pid) {
  const std::string status = content("/proc/" + std::to_string(pid) + "/stat");
  const auto name_end = status.rfind(')');
  return name_end != std::string::npos && status.substr(name_end + 2, 1) != "Z";
}

inline std::size_t children() {  // of this process, zombies included
  const auto space = std::make_unique<Process[]>(kMostProcesses);
  const auto all = descendants(::getpid(), {space.get(), kMostProcesses});
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const auto& one) { return one.parent == ::getpid(); }));
}

template <class Condition>
bool within(double seconds, Condition condition) {
  for (int tries = 0; tries < seconds * 200; ++tries) {
    if (condition()) return true;
    ::usleep(5'000);
  }
  return condition();
}

// A training program's end of the socket, driven by the test.
class ScriptedClient {
 public:
  explicit ScriptedClient(const std::string& path)
      : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0)
        << path << ": " << std::strerror(errno);
  }
  void say(const std::string& line) { say_raw(line + "\n"); }
  void say_raw(const std::string& bytes) {
    EXPECT_EQ(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // What the tuner has sent up to now; empty when it has closed the connection, too.
  std::string heard() {
    char bytes[4096];
    const ssize_t got = ::recv(socket_.get(), bytes, sizeof bytes, MSG_DONTWAIT);
    return got > 0 ? std::string(bytes, static_cast<std::size_t>(got)) : "";
  }
  bool closed() {
    char byte;
    const ssize_t got = ::recv(socket_.get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return got == 0 || (got < 0 && errno != EAGAIN);
  }
  void hang_up() { socket_.reset(); }
  int descriptor() const { return socket_.get(); }

 private:
  base::Descriptor socket_;
};

class ProcessRunnerTest : public testing::Test {
 protected:
  ProcessRunnerTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sm2-runner-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    make_runner(true);
  }
  ~ProcessRunnerTest() override {
    runner_.reset();
    std::filesystem::remove_all(folder_);
  }

  void make_runner(bool cgroups) {
    runner_.reset();
    runner_ = std::move(*ProcessRunner::make(-1, cgroups));
  }

  Job shell(const std::string& script) const {
    Job job;
    job.trial = 7;
    job.command = {"/bin/sh", "-c", script};
    job.directory = folder_;
    job.folder = folder_ / "trials" / "7";
    job.metric = "acc";
    job.until = 4;
    job.limits.grace = base::Seconds(0.15);
    return job;
  }

  // Events until the condition holds, at most so long. What held once may not hold when it is asked again (a file
  // that is written over and over), so every answer is used.
  template <class Condition>
  void wait_until(Condition condition, double seconds = 10) {
    const base::SystemClock clock;
    const auto end = clock.monotonic() + base::Seconds(seconds);
    bool held = condition();
    while (!held && clock.monotonic() < end) {
      for (auto& event : runner_->wait(base::Seconds(0.02))) events_.push_back(std::move(event));
      held = condition();
    }
    EXPECT_TRUE(held);
  }

  template <class Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const auto& event : events_) {
      if (const auto* one = std::get_if<Kind>(&event)) found.push_back(*one);
    }
    return found;
  }

  Exit wait_for_exit() {
    wait_until([&] { return !all<Exit>().empty(); });
    const auto exits = all<Exit>();
    return exits.empty() ? Exit{} : exits.back();
  }
  Exit run(const Job& job) {
    const auto started = runner_->start(job);
    EXPECT_TRUE(started) << (started ? "" : started.error().message);
    return started ? wait_for_exit() : Exit{};
  }
  void wait_for_file(const std::string& name) {
    wait_until([&] { return content(folder_ / name).ends_with('\n'); });
  }
  pid_t pid_in(const std::string& name) {
    wait_for_file(name);
    return std::stoi(content(folder_ / name));
  }

  // Starts a program that tells its socket and exits with status 0 when the file "leave" is there; `job` may
  // have a script to run before.
  std::string start_patient_program(Job job) {
    job.command[2] += "echo $SM2_SOCKET > socket; while [ ! -e leave ]; do sleep 0.01; done";
    const auto started = runner_->start(job);
    EXPECT_TRUE(started) << (started ? "" : started.error().message);
    wait_for_file("socket");
    std::string path = content(folder_ / "socket");
    path.pop_back();
    return path;
  }
  void let_leave() { std::ofstream(folder_ / "leave") << "now"; }
  std::string wait_for_answer(ScriptedClient& client) {
    std::string heard;
    wait_until([&] {
      heard += client.heard();
      return heard.ends_with('\n');
    });
    return heard;
  }

  std::filesystem::path folder_;
  std::unique_ptr<ProcessRunner> runner_;
  std::vector<Event> events_;
};

}  // namespace sm2::runner
