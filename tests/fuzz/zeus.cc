#include "workload/zeus.h"

#include "tests/fuzz/folder.h"
#include "tests/fuzz/workloads.h"

namespace sm2::fuzz {

void zeus(std::string_view input) {
  constexpr std::string_view kBetween = "---\n";
  static const Folder folder;
  const std::size_t end = std::min(input.find(kBetween), input.size());
  folder.write("summary_train.csv", input.substr(0, end));
  folder.write("summary_power_a.csv", input.substr(std::min(end + kBetween.size(), input.size())));
  for (const workload::OpenOptions& options : {workload::OpenOptions{}, workload::OpenOptions{true, 0.5}}) {
    const auto opened = workload::read_zeus(folder.path(""), options);
    if (opened) {
      check_workloads(*opened);
    } else {
      check_error(opened.error());
    }
  }
}

}  // namespace sm2::fuzz
