// sm2 init: writes a commented study file to begin from.
#include <fcntl.h>
#include <fmt/core.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/init_text.h"
#include "cli/reading.h"

namespace sm2::cli {
namespace {

int init(const std::string& file) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    if (errno == EEXIST) return fail("init", file + " exists already; name another file, or remove it first");
    return fail("init", fmt::format("cannot write {}: {}", file, strerror(errno)));
  }
  const bool written = write(descriptor, kStudyExample.data(), kStudyExample.size()) ==
                       static_cast<ssize_t>(kStudyExample.size());
  if (close(descriptor) != 0 || !written)
    return fail("init", fmt::format("cannot write {}: {}", file, strerror(errno)));
  fmt::print("wrote {}; edit its command, metric and space, then: sm2 tune {}\n", file, file);
  return 0;
}

}  // namespace

void add_init(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("init", "Write a commented study file to begin from");
  auto file = std::make_shared<std::string>("study.toml");
  command->add_option("FILE", *file, "Where to")->capture_default_str();
  command->callback([file, &status] { status = init(*file); });
}

}  // namespace sm2::cli
