// A training program that does nothing but evaluate: COUNT times, each beside one page that it writes and syncs itself, by turns.
// Lines of FILE: milliseconds until the answer, and of the sync.
//
//     evaluations COUNT FILE
#include <fcntl.h>
#include <sm2/client.h>
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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fputs("evaluations COUNT FILE\n", stderr), 2;
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
    lines << answer << ' ' << sync << '\n';
    if (action != sm2::Action::kContinue) break;
  }
}
