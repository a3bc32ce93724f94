// The language model's task: from the tokens before, the next one.
//
// A sample is a window of context + 1 tokens, of which the first predicts the second, and so on. The windows
// follow one another and share one token, so that every token but the first is predicted once an epoch; a
// last part that fills no window is left out. val_loss and test_loss are nats per token, val_perplexity and
// test_perplexity their exponentials.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "net.h"
#include "text.h"
#include "trainer/trainer.h"

namespace transformer {

struct Options {
  std::filesystem::path data;                     // a folder or one text; else the files:
  std::filesystem::path train, validation, test;  // no test: no test metrics
  std::string tokens = "word";                    // word, byte
  std::int64_t vocabulary = 4000;                 // words, <unk> among them
  Shape shape;                                    // its vocabulary follows from the text
};

class Language : public trainer::Task {
 public:
  // A training or validation text of less than a window is a DataError; a test text of less counts as none.
  Language(const Options& options, const Corpus& corpus, torch::Device device);

  torch::nn::Module& model() override { return *net_; }
  std::int64_t size() const override { return training_.size(0); }
  torch::Tensor loss(const torch::Tensor& samples) override;
  trainer::Metrics validate() override { return quality(validation_, "val"); }
  trainer::Metrics test() override { return quality(test_, "test"); }

 private:
  torch::Tensor mean_loss(const torch::Tensor& windows);
  trainer::Metrics quality(const torch::Tensor& windows, const std::string& name);

  torch::Tensor training_, validation_,
      test_;  // windows x (context + 1), views of each text's tokens on the device
  Net net_{nullptr};
};

// Reads the texts that the options name.
std::unique_ptr<trainer::Task> make_language(const Options& options, torch::Device device);

}  // namespace transformer
