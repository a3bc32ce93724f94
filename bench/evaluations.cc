// A training program that does nothing but evaluate: COUNT times, by turns with a page that it writes and syncs itself, and with a
// byte to another process and back. Lines of FILE: milliseconds until the answer, of the sync, and of the byte.
//
//     evaluations COUNT FILE
#include <fcntl.h>
#include <poll.h>
#include <sm2/client.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

constexpr int kPages = 1000;  // written over and over, as the log of a store is

template <class Do>
double milliseconds(Do what) {
  const auto begun = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
}

// Another process that sends back what it gets, and ends with this one.
class Echo {
 public:
  Echo() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) std::abort();
    if (fork() == 0) {
      close(ends[0]);
      for (char byte; read(ends[1], &byte, 1) == 1 && write(ends[1], &byte, 1) == 1;) continue;
      _exit(0);
    }
    close(ends[1]);
    end_ = ends[0];
  }

  void there_and_back() const {
    char byte = 'x';
    pollfd readable{end_, POLLIN, 0};
    if (write(end_, &byte, 1) != 1 || poll(&readable, 1, -1) != 1 || read(end_, &byte, 1) != 1) std::abort();
  }

 private:
  int end_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fputs("evaluations COUNT FILE\n", stderr), 2;
  const Echo echo;
  auto trial = sm2::Trial::join();
  std::ofstream lines(argv[2]);
  const std::string page(4096, 'x');
  const int file = open((std::string(argv[2]) + ".sync").c_str(), O_RDWR | O_CREAT, 0600);
  const auto write_page = [&](int at) {
    return pwrite(file, page.data(), page.size(), at % kPages * 4096L) > 0;
  };
  for (int at = 0; at < kPages; ++at) write_page(at);
  fsync(file);
  for (int at = 1; at <= std::atoi(argv[1]); ++at) {
    auto action = sm2::Action::kContinue;
    const double answer = milliseconds([&] { action = trial.evaluate(at, {{"accuracy", 1 - 1.0 / at}}); });
    const double sync = milliseconds([&] {
      if (write_page(at)) fdatasync(file);
    });
    const double byte = milliseconds([&] { echo.there_and_back(); });
    lines << answer << ' ' << sync << ' ' << byte << '\n';
    if (action != sm2::Action::kContinue) break;
  }
}
