#include "config/past_file.h"

namespace sm2::config {

std::optional<PastFile> past_file(std::string_view entry) {
  constexpr std::string_view kOptuna = "optuna:", kCsv = "csv:";
  if (entry.starts_with(kCsv) && entry.size() > kCsv.size())
    return PastFile{PastFile::Kind::kCsv, std::string(entry.substr(kCsv.size())), {}};
  if (!entry.starts_with(kOptuna)) return {};
  const std::string_view rest = entry.substr(kOptuna.size());
  const std::size_t mark = rest.find('#');
  if (rest.empty() || mark == 0) return {};
  if (mark == std::string_view::npos) return PastFile{PastFile::Kind::kOptuna, std::string(rest), {}};
  return PastFile{PastFile::Kind::kOptuna, std::string(rest.substr(0, mark)),
                  std::string(rest.substr(mark + 1))};
}

}  // namespace sm2::config
