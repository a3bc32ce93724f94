#include "language.h"

#include <torch/nn/functional/loss.h>

#include <algorithm>
#include <cmath>

namespace transformer {

namespace {

using trainer::DataError;

constexpr std::int64_t kEvaluationTokens = 4096;

torch::Tensor windows_of(const Vocabulary& vocabulary, const std::string& text, std::int64_t context,
                         torch::Device device) {
  const auto tokens = torch::tensor(vocabulary.encode(text), torch::kInt).to(device);
  if (tokens.size(0) <= context) return torch::empty({0, context + 1}, tokens.options());
  return tokens.unfold(0, context + 1, context);
}

void need_window(const torch::Tensor& windows, const std::string& part, std::int64_t context) {
  if (windows.size(0) > 0) return;
  throw DataError("the " + part + " text has fewer than " + std::to_string(context + 1) +
                  " tokens; give a longer one, or a smaller --context");
}

Corpus read(const Options& options) {
  const bool files = !options.train.empty() && !options.validation.empty();
  const bool any_file = !options.train.empty() || !options.validation.empty() || !options.test.empty();
  if (options.data.empty() ? !files : any_file) {
    throw DataError(
        "needs --data (a folder or one text), or --train and --validation, and --test where there is one");
  }
  if (!files) return read_corpus(options.data);
  return {read_text(options.train), read_text(options.validation),
          options.test.empty() ? std::string() : read_text(options.test)};
}

}  // namespace

Language::Language(const Options& options, const Corpus& corpus, torch::Device device) {
  const auto vocabulary = options.tokens == "byte"
                              ? Vocabulary::of_bytes()
                              : Vocabulary::of_words(corpus.training, options.vocabulary);
  Shape shape = options.shape;
  shape.vocabulary = vocabulary.size();
  training_ = windows_of(vocabulary, corpus.training, shape.context, device);
  validation_ = windows_of(vocabulary, corpus.validation, shape.context, device);
  test_ = windows_of(vocabulary, corpus.test, shape.context, device);
  need_window(training_, "training", shape.context);
  need_window(validation_, "validation", shape.context);
  net_ = Net(shape);
  net_->to(device);
}

torch::Tensor Language::mean_loss(const torch::Tensor& windows) {
  const std::int64_t context = windows.size(1) - 1;
  const auto logits = net_(windows.slice(1, 0, context));
  const auto next = windows.slice(1, 1).reshape(-1).to(torch::kLong);
  return torch::nn::functional::cross_entropy(logits.view({next.size(0), -1}), next);
}

torch::Tensor Language::loss(const torch::Tensor& samples) {
  return mean_loss(training_.index_select(0, samples.to(training_.device())));
}

trainer::Metrics Language::quality(const torch::Tensor& windows, const std::string& name) {
  const std::int64_t count = windows.size(0);
  if (count == 0) return {};
  const std::int64_t batch = std::max<std::int64_t>(1, kEvaluationTokens / windows.size(1));
  auto sum = torch::zeros({}, windows.options().dtype(torch::kDouble));
  for (std::int64_t begin = 0; begin < count; begin += batch) {
    const auto some = windows.slice(0, begin, std::min(begin + batch, count));
    sum += mean_loss(some).to(torch::kDouble) * some.size(0);
  }
  const double loss = sum.item<double>() / static_cast<double>(count);
  return {{name + "_loss", loss}, {name + "_perplexity", std::exp(loss)}};
}

std::unique_ptr<trainer::Task> make_language(const Options& options, torch::Device device) {
  return std::make_unique<Language>(options, read(options), device);
}

}  // namespace transformer
