#include "lines.h"

#include <cstring>

#include "trainer/trainer.h"

namespace lstm {

namespace {

constexpr std::size_t kLongestLine = 1 << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

Lines::Lines(const std::filesystem::path& path)
    : name_(path.string()), file_(path, "--data names a CSV file, plain or .gz"), block_(kLongestLine) {}

bool Lines::refill() {
  std::memmove(block_.data(), block_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ == block_.size()) {
    throw trainer::DataError(name_ + ":" + std::to_string(number_ + 1) +
                             ": a line of more than 1 MiB; a series has one short line a row");
  }
  const std::size_t got =
      file_.some(reinterpret_cast<std::uint8_t*>(block_.data() + end_), block_.size() - end_);
  end_ += got;
  return got > 0;
}

std::optional<std::string_view> Lines::next() {
  std::size_t searched = 0;
  for (;;) {
    const std::string_view unread(block_.data() + begin_, end_ - begin_);
    const std::size_t newline = unread.find('\n', searched);
    if (newline == std::string_view::npos) {
      searched = unread.size();
      if (refill()) continue;
      if (unread.empty()) return std::nullopt;
    }
    std::string_view line(block_.data() + begin_,
                          newline == std::string_view::npos ? end_ - begin_ : newline);
    begin_ += line.size() + (newline == std::string_view::npos ? 0 : 1);
    if (++number_ == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
}

}  // namespace lstm
