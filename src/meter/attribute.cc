#include "meter/attribute.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string_view>
#include <system_error>

namespace sm2::meter {

Attribute::~Attribute() { close(); }

Attribute::Value<std::string> Attribute::line() {
  const std::lock_guard lock(mutex_);
  if (fd_ >= 0) {
    if (auto text = again()) return text;
  }
  auto text = anew();
  if (!text) close();
  return text;
}

Attribute::Value<std::uint64_t> Attribute::count() {
  const auto text = line();
  if (!text) return tl::unexpected(text.error());
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (code != std::errc() || end != text->data() + text->size()) {
    return tl::unexpected(Failure{0, fmt::format("{}: '{}' is not a count", file_.string(), *text)});
  }
  return value;
}

Attribute::Value<std::string> Attribute::again() {
  struct stat status{};
  if (fstat(fd_, &status) != 0 || status.st_nlink == 0) return tl::unexpected(failure());
  char text[128];
  const ssize_t size = pread(fd_, text, sizeof text, 0);
  if (size < 0) return tl::unexpected(failure());
  const std::string_view whole(text, static_cast<std::size_t>(size));
  return std::string(whole.substr(0, whole.find('\n')));
}

Attribute::Value<std::string> Attribute::anew() {
  close();
  fd_ = open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) return tl::unexpected(failure());
  return again();
}

Attribute::Failure Attribute::failure() const {
  const std::error_code code(errno, std::generic_category());
  return {code.value(), fmt::format("{}: {}", file_.string(), code.message())};
}

void Attribute::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

base::Result<std::uint64_t> read_count(Attribute& attribute) {
  const auto value = attribute.count();
  if (!value) return base::fail("{}", value.error().message);
  return *value;
}

bool is_permission(int code) { return code == EACCES || code == EPERM; }

}  // namespace sm2::meter
