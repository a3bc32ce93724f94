// The environment by which a program sees its devices and no others. Pure.
//
//   SM2_DEVICES            its devices, a JSON array of objects with "name" and "id"
//   CUDA_VISIBLE_DEVICES   UUIDs of its NVIDIA GPUs and MIG instances; CUDA_DEVICE_ORDER=PCI_BUS_ID for what counts them anew
//   ROCR_VISIBLE_DEVICES   ids of its AMD GPUs; HIP_VISIBLE_DEVICES=0,1,..., which counts what that one leaves
//
// "-1" names none: CUDA, HIP and ROCm end their lists at what is no device, and HIP takes an empty list for no list.
#pragma once

#include <map>
#include <set>
#include <string>

#include "trial/device.h"

namespace sm2::runner {

// Variables of `vendors` alone: where there are no GPUs of one, nothing of its is to be hidden.
std::map<std::string, std::string> device_variables(const trial::Devices& own,
                                                    const std::set<trial::Vendor>& vendors);

}  // namespace sm2::runner
