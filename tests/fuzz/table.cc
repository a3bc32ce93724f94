#include "workload/table.h"

#include <cmath>

#include "tests/fuzz/checks.h"
#include "tests/fuzz/folder.h"
#include "tests/fuzz/workloads.h"

namespace sm2::fuzz {

void table(std::string_view input) {
  static const Folder folder;
  const std::string file = folder.write("table.csv", input);
  for (const workload::OpenOptions& options :
       {workload::OpenOptions{}, workload::OpenOptions{true, {}}, workload::OpenOptions{false, 0.5}}) {
    const auto opened = workload::read_table(file, options);
    if (opened) {
      check_workloads(*opened);
    } else {
      check_error_in(opened.error(), file, input);
    }
  }
}

}  // namespace sm2::fuzz
