#include "dashboard/trial_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/descriptor.h"
#include "report/printable.h"

namespace sm2::dashboard {
namespace {

using base::Descriptor;

Descriptor below(const Descriptor& folder, const std::string& name, int flags) {
  if (!folder) return {};
  return Descriptor(::openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags));
}

std::string read_end(const Descriptor& file, off_t begin) {
  std::string text(kMostOfLog, '\0');
  const ssize_t got = ::pread(file.get(), text.data(), text.size(), begin);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

std::string shown(std::string_view text) {
  std::string all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const bool both = text.substr(end).starts_with("\r\n");
    std::string line(text.substr(0, end));
    std::ranges::replace(line, '\t', ' ');
    all += report::printable(line) + "\n";
    text.remove_prefix(std::min(end + (both ? 2 : 1), text.size()));
  }
  return all;
}

}  // namespace

std::optional<std::string> end_of_log(const std::filesystem::path& folder, trial::TrialId trial) {
  const Descriptor trials(::open(folder.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const Descriptor study = below(trials, folder.filename().string(), O_DIRECTORY);
  const Descriptor place = below(study, std::to_string(trial), O_DIRECTORY);
  const Descriptor file = below(place, "log", O_NONBLOCK);
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  const auto most = static_cast<off_t>(kMostOfLog);
  if (status.st_size <= most) return shown(read_end(file, 0));
  std::string end = read_end(file, status.st_size - most);
  end.erase(0, end.find('\n') + 1);  // the whole of it is left where there is none
  return fmt::format("... {} bytes before this are left out ...\n",
                     status.st_size - static_cast<off_t>(end.size())) +
         shown(end);
}

}  // namespace sm2::dashboard
