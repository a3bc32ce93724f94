// A text as numbers: the pieces that a language model reads and predicts.
//
// Words are what stands between white space, with <eos> at the end of each line, as WikiText is counted. The
// vocabulary is <unk> and the most frequent words of the training text; the rarer ones are <unk>. Bytes are
// their own numbers, 0 to 255.
//
// A file that cannot be read or is damaged is a trainer::DataError.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace transformer {

std::string read_text(const std::filesystem::path& path);  // plain or gzip-compressed

class Vocabulary {
 public:
  static Vocabulary of_bytes();
  static Vocabulary of_words(std::string_view training_text,
                             std::int64_t most);  // words of equal frequency: the first seen

  std::int64_t size() const { return size_; }
  std::vector<std::int32_t> encode(std::string_view text) const;

 private:
  std::int64_t size_ = 256;
  std::unordered_map<std::string, std::int32_t> words_;  // empty: bytes
};

struct Corpus {
  std::string training, validation, test;  // test may be empty
};

// A folder with one text of each part, found by "train", "valid" and "test" in its name (.txt, .tokens, .raw,
// also .gz); or one text, of which the first 90 % are training, the next 5 % validation and the rest test,
// cut at white space.
Corpus read_corpus(const std::filesystem::path& path);

}  // namespace transformer
