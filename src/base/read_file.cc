#include "base/read_file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/descriptor.h"

namespace sm2::base {

Result<std::string> read_file(const std::filesystem::path& file, const FileSize& most) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened) return fail("cannot be read: {}", ::strerror(errno));
  std::string text;
  std::array<char, 64 << 10> part;
  std::size_t line = 0;  // where the last one begins
  for (;;) {
    const ssize_t got = ::read(opened.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EISDIR) return fail("is a folder");
    if (got < 0) return fail("cannot be read: {}", ::strerror(errno));
    if (got == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
    if (text.size() > most.whole) return fail("is longer than {} MiB", most.whole >> 20);
    if (const auto end = text.rfind('\n'); end != std::string::npos && end >= line) line = end + 1;
    if (text.size() - line > most.line) return fail("has a line of more than {} MiB", most.line >> 20);
  }
}

}  // namespace sm2::base
