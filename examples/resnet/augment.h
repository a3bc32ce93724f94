// Each image moved by up to 4 pixels in both directions, with zeros from outside, and mirrored or not (He et
// al., arXiv 1512.03385, section 4.2). The random numbers are libtorch's on the CPU, whose state is part of a
// checkpoint.
#pragma once

#include <torch/types.h>

namespace resnet {

torch::Tensor augmented(const torch::Tensor& images);  // N x channels x height x width

}  // namespace resnet
