#include "cli/output.h"

#include <cerrno>

namespace sm2::cli {
namespace {

bool lost = false;

void note_failure() { lost = lost || (errno != EPIPE && errno != EBADF); }

}  // namespace

bool put(std::FILE* file, std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0) return true;
  if (file == stdout) note_failure();
  return false;
}

bool output_lost() {
  if (std::fflush(stdout) != 0) note_failure();
  return lost;
}

}  // namespace sm2::cli
