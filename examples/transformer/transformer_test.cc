// The reader on texts of a few words, the network's causality, and the task on a repeated sentence.
#include <gtest/gtest.h>
#include <torch/utils.h>
#include <unistd.h>
#include <zlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "language.h"
#include "net.h"
#include "text.h"

namespace transformer {
namespace {

using Tokens = std::vector<std::int32_t>;

TEST(Vocabulary, KeepsTheMostFrequentWordsAndEndsLines) {
  const auto vocabulary = Vocabulary::of_words("b a a <unk>\n a  c\t<unk> b\n", 4);
  EXPECT_EQ(vocabulary.size(), 4);  // <unk> a b <eos>
  EXPECT_EQ(vocabulary.encode("a b c <unk>\n"), (Tokens{1, 2, 0, 0, 3}));
  EXPECT_EQ(vocabulary.encode(" \n\nnever"), (Tokens{3, 3, 0}));
}

TEST(Vocabulary, IsNoLargerThanTheText) { EXPECT_EQ(Vocabulary::of_words("x y", 1000).size(), 3); }

TEST(Vocabulary, BytesAreTheirOwnNumbers) {
  EXPECT_EQ(Vocabulary::of_bytes().size(), 256);
  EXPECT_EQ(Vocabulary::of_bytes().encode("a\n\xff"), (Tokens{97, 10, 255}));
}

class CorpusTest : public testing::Test {
 protected:
  CorpusTest() { std::filesystem::create_directories(folder_); }
  ~CorpusTest() override { std::filesystem::remove_all(folder_); }

  void gzip(const std::string& name, const std::string& text) const {
    gzFile file = gzopen((folder_ / name).c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("sm2_transformer_test_" + std::to_string(::getpid()));
};

TEST_F(CorpusTest, FindsTheTextsOfAFolder) {
  std::ofstream(folder_ / "wiki.train.tokens") << "one";
  std::ofstream(folder_ / "train.parquet") << "no text";
  gzip("valid.txt.gz", "two");
  gzip("test.txt.gz", "three");
  const Corpus corpus = read_corpus(folder_);
  EXPECT_EQ(corpus.training, "one");
  EXPECT_EQ(corpus.validation, "two");
  EXPECT_EQ(corpus.test, "three");
}

TEST_F(CorpusTest, AMissingOrSecondTextIsADataError) {
  gzip("valid.txt.gz", "two");
  gzip("test.txt.gz", "three");
  EXPECT_THROW(read_corpus(folder_), trainer::DataError);
  gzip("train-1.txt.gz", "one");
  gzip("train-2.txt.gz", "one");
  EXPECT_THROW(read_corpus(folder_), trainer::DataError);
  EXPECT_THROW(read_corpus(folder_ / "nowhere.txt"), trainer::DataError);
}

TEST_F(CorpusTest, SplitsOneTextInOrderAtWhiteSpace) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "w" + std::to_string(i) + " ";
  gzip("text.gz", text);
  const Corpus corpus = read_corpus(folder_ / "text.gz");
  EXPECT_EQ(corpus.training + corpus.validation + corpus.test, text);
  EXPECT_TRUE(corpus.training.ends_with(' ') && corpus.validation.ends_with(' '));
  EXPECT_NEAR(static_cast<double>(corpus.training.size()), 0.9 * static_cast<double>(text.size()), 10);
}

TEST_F(CorpusTest, ATextThatIsCutOffIsADataError) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += std::to_string(i * 7919 % 1000) + " ";
  gzip("text.gz", text);
  EXPECT_EQ(read_text(folder_ / "text.gz"), text);
  std::filesystem::resize_file(folder_ / "text.gz", std::filesystem::file_size(folder_ / "text.gz") / 2);
  EXPECT_THROW(read_text(folder_ / "text.gz"), trainer::DataError);
}

Shape small() {
  return {.vocabulary = 256, .context = 8, .layers = 2, .width = 16, .heads = 2, .dropout = 0};
}

TEST(Net, ALaterTokenDoesNotChangeAnEarlierLogit) {
  torch::manual_seed(1);
  const torch::NoGradGuard no_gradients;
  Net net(small());
  const auto tokens = torch::arange(8).unsqueeze(0);
  auto changed = tokens.clone();
  changed[0][5] = 200;
  const auto before = net(tokens)[0], after = net(changed)[0];
  EXPECT_TRUE(before.slice(0, 0, 5).equal(after.slice(0, 0, 5)));
  EXPECT_FALSE(before[5].equal(after[5]));
  EXPECT_FALSE(before[7].equal(after[7]));
}

TEST(Net, HeadAndEmbeddingAreOneMatrix) {
  for (const auto& parameter : Net(small())->named_parameters()) {
    EXPECT_TRUE(parameter.key() == "embedding.weight" || parameter.value().size(0) != 256) << parameter.key();
  }
}

Options bytes() {
  Options options;
  options.tokens = "byte";
  options.shape = small();
  return options;
}

TEST(Language, WindowsShareOneTokenAndLeaveOutTheRest) {
  const std::string text(8 * 3 + 1 + 7, 'x');  // three windows of 9 and 7 bytes more
  EXPECT_EQ(Language(bytes(), {text, text, ""}, torch::kCPU).size(), 3);
}

TEST(Language, TextsOfLessThanAWindowAreADataError) {
  EXPECT_THROW(Language(bytes(), {"short", "long enough for one", ""}, torch::kCPU), trainer::DataError);
  EXPECT_THROW(Language(bytes(), {"long enough for one", "short", ""}, torch::kCPU), trainer::DataError);
}

TEST(Language, WithoutATestTextThereAreNoTestMetrics) {
  Language language(bytes(), {"long enough for one", "long enough for one", ""}, torch::kCPU);
  EXPECT_TRUE(language.test().empty());
}

TEST(Language, LearnsASentenceFromTheUniformLoss) {
  torch::manual_seed(1);
  std::string text;
  for (int i = 0; i < 40; ++i) text += "to be or not ";
  Language language(bytes(), {text, text, text}, torch::kCPU);
  const auto loss = [&] {
    const torch::NoGradGuard no_gradients;
    return language.validate().at("val_loss");
  };
  EXPECT_NEAR(loss(), std::log(256.0), 0.1);
  const auto all = torch::arange(language.size());
  for (int step = 0; step < 100; ++step) {
    language.model().zero_grad();
    language.loss(all).backward();
    const torch::NoGradGuard no_gradients;
    for (auto& parameter : language.model().parameters()) parameter.sub_(parameter.grad(), 1.0);
  }
  EXPECT_LT(loss(), 2.0);
  EXPECT_DOUBLE_EQ(language.test().at("test_perplexity"), std::exp(language.test().at("test_loss")));
}

}  // namespace
}  // namespace transformer
