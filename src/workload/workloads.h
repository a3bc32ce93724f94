// Workloads by name, as a command line gives them: "zeus:DIR" (zeus.h), "table:FILE" (table.h),
// "synthetic:NAME" (synthetic.h). Errors are one line; an unknown kind's lists the kinds.
#pragma once

#include <string_view>

#include "base/result.h"
#include "workload/opened.h"

namespace sm2::workload {

base::Result<Opened> open(std::string_view spec, const OpenOptions& options);

}  // namespace sm2::workload
