#include "cli/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace sm2::cli {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

report::Screen screen(int descriptor) {
  report::Screen found;
  found.terminal = isatty(descriptor) == 1 && variable("TERM") != "dumb";
  found.colour = found.terminal && variable("NO_COLOR").empty();
  winsize size{};
  if (!found.terminal || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return found;
  if (size.ws_col > 0) found.columns = size.ws_col;
  if (size.ws_row > 0) found.rows = size.ws_row;
  return found;
}

}  // namespace sm2::cli
