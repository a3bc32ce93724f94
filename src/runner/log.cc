#include "runner/log.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace sm2::runner {
namespace {

constexpr std::size_t kTail = 16 << 10;
constexpr std::size_t kLongestShown = 300;

// The length of the UTF-8 character at the start of `text`; 0 where there is none.
std::size_t character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0) != 0x80) return 0;
  }
  const unsigned second = length > 1 ? static_cast<unsigned char>(text[1]) : 0x80;
  const bool forbidden = (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
                         (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f);
  return forbidden ? 0 : length;
}

// The length of the terminal escape sequence at the start of `text`; 0 where there is none.
std::size_t escape_sequence(std::string_view text) {
  if (text[0] != '\x1b') return 0;
  if (text.size() < 2 || text[1] != '[') return 1;
  std::size_t at = 2;
  while (at < text.size() && (text[at] < '@' || text[at] > '~')) ++at;
  return std::min(at + 1, text.size());
}

}  // namespace

base::Result<Log> Log::open(const std::filesystem::path& path, std::size_t limit) {
  base::Descriptor file = base::Descriptor::above_standard(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!file) return base::fail("cannot write the log '{}': {}", path.string(), ::strerror(errno));
  Log log(std::move(file), limit);
  log.take_in_earlier_end();
  return log;
}

void Log::take_in_earlier_end() {
  struct stat status{};
  if (::fstat(file_.get(), &status) != 0) return;
  const auto size = static_cast<std::size_t>(status.st_size);
  written_ = std::min(size, half_);
  ::lseek(file_.get(), static_cast<off_t>(written_), SEEK_SET);
  if (size <= half_) return;
  std::string end(size - half_, '\0');
  const ssize_t got = ::pread(file_.get(), end.data(), end.size(), static_cast<off_t>(half_));
  end.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  unsigned long long earlier = 0;
  int length = 0;
  if (::sscanf(end.c_str(), "\n... %llu bytes left out ...%n", &earlier, &length) == 1 && length > 0) {
    left_out_ = earlier;
    end.erase(0, static_cast<std::size_t>(length) + 1);
  }
  hold(end);
}

// Returns how many bytes were written: a full disk costs the log, not the trial.
std::size_t Log::put(std::string_view bytes) {
  std::size_t all = 0;
  while (all < bytes.size()) {
    const ssize_t written = ::write(file_.get(), bytes.data() + all, bytes.size() - all);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      if (error_ == 0) error_ = errno;
      break;
    }
    all += static_cast<std::size_t>(written);
  }
  return all;
}

std::string Log::complaint() const {
  return error_ == 0 ? "" : fmt::format("its log is incomplete: {}", ::strerror(error_));
}

void Log::write(std::string_view bytes) {
  if (!file_ || bytes.empty()) return;
  if (bytes.size() >= kTail) {
    tail_ = bytes.substr(bytes.size() - kTail);
  } else {
    tail_.append(bytes);
    if (tail_.size() > 2 * kTail) tail_.erase(0, tail_.size() - kTail);
  }
  const std::string_view head = bytes.substr(0, half_ - written_);
  const std::size_t lost = head.size() - put(head);
  left_out_ += lost;
  changed_ = changed_ || lost > 0;
  written_ += head.size();
  bytes.remove_prefix(head.size());
  if (bytes.empty()) return;
  changed_ = true;
  hold(bytes);
}

void Log::hold(std::string_view bytes) {
  if (bytes.size() > half_) {
    left_out_ += bytes.size() - half_;
    bytes.remove_prefix(bytes.size() - half_);
  }
  const std::string_view grows = bytes.substr(0, half_ - held_.size());
  held_.append(grows);
  bytes.remove_prefix(grows.size());
  left_out_ += bytes.size();
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, half_ - oldest_);
    held_.replace(oldest_, part.size(), part);
    oldest_ = (oldest_ + part.size()) % half_;
    bytes.remove_prefix(part.size());
  }
}

void Log::close() {
  if (!file_) return;
  struct stat status{};
  const bool known = changed_ && ::fstat(file_.get(), &status) == 0;
  if (known && ::ftruncate(file_.get(), std::min(status.st_size, static_cast<off_t>(half_))) == 0) {
    ::lseek(file_.get(), 0, SEEK_END);
    if (left_out_ > 0) put(fmt::format("\n... {} bytes left out ...\n", left_out_));
    put(std::string_view(held_).substr(oldest_));
    put(std::string_view(held_).substr(0, oldest_));
  }
  file_.reset();
  held_ = {};
}

std::string printable(std::string_view line) {
  std::string shown;
  while (!line.empty() && shown.size() < kLongestShown) {
    const std::size_t escape = escape_sequence(line);
    const std::size_t length = escape ? escape : std::max<std::size_t>(character(line), 1);
    const bool valid = !escape && character(line) > 0;
    const bool control =
        valid && length == 1 && (static_cast<unsigned char>(line[0]) < 0x20 || line[0] == 0x7f);
    if (!escape && !valid) shown += '?';
    if (control && line[0] == '\t') shown += ' ';
    if (valid && !control) shown.append(line.substr(0, length));
    line.remove_prefix(length);
  }
  shown.erase(shown.find_last_not_of(' ') + 1);  // npos + 1 is 0
  shown.erase(0, shown.find_first_not_of(' '));
  return shown;
}

std::string last_line(std::string_view text) {
  while (!text.empty()) {
    const auto begin = text.find_last_of("\r\n");
    const std::string shown = printable(begin == std::string_view::npos ? text : text.substr(begin + 1));
    if (!shown.empty()) return shown;
    text = begin == std::string_view::npos ? std::string_view() : text.substr(0, begin);
  }
  return "";
}

}  // namespace sm2::runner
