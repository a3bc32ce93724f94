// Preloaded into a program (LD_PRELOAD): how long each of its fdatasync took, in milliseconds, a line each; written at its end to
// $SYNCS.PID.
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

struct Syncs {
  std::vector<double> took_ms;
  ~Syncs() {
    const char* file = std::getenv("SYNCS");
    if (!file || took_ms.empty()) return;
    std::ofstream lines(std::string(file) + "." + std::to_string(getpid()));
    for (const double one : took_ms) lines << one << '\n';
  }
};

Syncs& syncs() {
  static Syncs all;
  return all;
}

}  // namespace

extern "C" int fdatasync(int file) {
  const auto begun = std::chrono::steady_clock::now();
  const long done = ::syscall(SYS_fdatasync, file);
  syncs().took_ms.push_back(
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
  return static_cast<int>(done);
}
