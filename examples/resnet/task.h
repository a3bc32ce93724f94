// Image classification by a residual network, as a task for the training loop: val_accuracy, val_loss,
// test_accuracy, test_loss.
#pragma once

#include <string>

#include "images.h"
#include "net.h"
#include "trainer/trainer.h"

namespace resnet {

struct Flags {
  std::string data = "fashion-mnist";
  Counts counts;
  Shape shape;  // channels follow from the data
  bool augment = false;
};

std::unique_ptr<trainer::Task> make_task(const Flags& flags, torch::Device device);

}  // namespace resnet
