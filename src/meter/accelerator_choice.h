// Which GPUs a study may use, of those that there are. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "meter/accelerators.h"

namespace sm2::meter {

// Those that `use` names, in the order of `all`; where it is empty, all that are visible. A name is a UUID (of a GPU or a MIG
// instance, or a beginning that only one has), an index as the vendor's tool numbers them, a PCI address, or what `sm2 devices`
// calls it ("gpu-0"); a GPU in MIG mode stands for all of its instances. Fails with one line that lists what there is.
base::Result<std::vector<Accelerator>> choose(const std::vector<Accelerator>& all,
                                              const std::vector<std::string>& use);

// For people: "gpu-0 GPU-... (NVIDIA A100), gpu-1 GPU-... (NVIDIA A100), hidden by CUDA_VISIBLE_DEVICES".
std::string listed(const std::vector<Accelerator>& all);

}  // namespace sm2::meter
