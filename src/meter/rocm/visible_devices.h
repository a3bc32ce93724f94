// Which GPUs a program sees, by what ROCR_VISIBLE_DEVICES or HIP_VISIBLE_DEVICES says: indices and "GPU-" with the first
// digits of a unique id, separated by commas. As ROCm's runtime reads it (RvdFilter in ROCR-Runtime's
// amd_filter_device.cpp): the list ends at the first item that names no GPU, several, or one that was named before.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sm2::meter::rocm {

// Indices into `unique_ids`, in the order of the list; 0 is an id that is not known.
std::vector<std::size_t> visible_devices(std::string_view list, const std::vector<std::uint64_t>& unique_ids);

}  // namespace sm2::meter::rocm
