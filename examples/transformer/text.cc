#include "text.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "trainer/gzip.h"
#include "trainer/trainer.h"

namespace transformer {

namespace {

using trainer::DataError;
namespace fs = std::filesystem;

constexpr std::string_view kWhiteSpace = " \t\r\v\f";
constexpr const char* kUnknown = "<unk>";
constexpr const char* kEndOfLine = "<eos>";

template <typename Visit>
void each_word(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    for (;;) {
      line.remove_prefix(std::min(line.find_first_not_of(kWhiteSpace), line.size()));
      if (line.empty()) break;
      const std::size_t length = std::min(line.find_first_of(kWhiteSpace), line.size());
      visit(line.substr(0, length));
      line.remove_prefix(length);
    }
    if (end == std::string_view::npos) return;
    visit(kEndOfLine);
    text.remove_prefix(end + 1);
  }
}

bool is_text(const fs::path& path) {
  const fs::path name = path.extension() == ".gz" ? path.stem() : path.filename();
  const fs::path kind = name.extension();
  return kind == ".txt" || kind == ".tokens" || kind == ".raw";
}

fs::path part_of(const fs::path& folder, const std::string& part) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const bool named = entry.path().filename().string().find(part) != std::string::npos;
    if (named && entry.is_regular_file() && is_text(entry.path())) found.push_back(entry.path());
  }
  if (found.size() == 1) return found.front();
  throw DataError(folder.string() + ": has " + (found.empty() ? "no text" : "more than one text") +
                  " with \"" + part + "\" in its name, such as " + part +
                  ".txt.gz; name the files with --train, --validation and --test");
}

std::size_t cut_at(const std::string& text, double share) {
  const auto about = static_cast<std::size_t>(share * static_cast<double>(text.size()));
  const std::size_t space = text.find_first_of(" \n", about);
  return space == std::string::npos ? about : space + 1;
}

}  // namespace

std::string read_text(const fs::path& path) {
  const std::vector<std::uint8_t> bytes = trainer::GzipFile(path, "it must be a text, plain or .gz").rest();
  return {bytes.begin(), bytes.end()};
}

Vocabulary Vocabulary::of_bytes() { return {}; }

Vocabulary Vocabulary::of_words(std::string_view training_text, std::int64_t most) {
  std::unordered_map<std::string, std::size_t> seen;
  std::vector<std::pair<std::int64_t, std::string>> counts;  // in the order of their first appearance
  std::string key;
  each_word(training_text, [&](std::string_view word) {
    key.assign(word);
    const auto [at, is_new] = seen.try_emplace(key, counts.size());
    if (is_new) counts.emplace_back(0, key);
    if (key != kUnknown) ++counts[at->second].first;
  });
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });

  Vocabulary vocabulary;
  vocabulary.words_.emplace(kUnknown, 0);
  for (auto& [count, word] : counts) {
    const auto next = static_cast<std::int32_t>(vocabulary.words_.size());
    if (next >= most) break;
    vocabulary.words_.try_emplace(std::move(word), next);
  }
  vocabulary.size_ = static_cast<std::int64_t>(vocabulary.words_.size());
  return vocabulary;
}

std::vector<std::int32_t> Vocabulary::encode(std::string_view text) const {
  std::vector<std::int32_t> tokens;
  if (words_.empty()) {
    tokens.reserve(text.size());
    for (const char c : text) tokens.push_back(static_cast<unsigned char>(c));
    return tokens;
  }
  std::string key;
  each_word(text, [&](std::string_view word) {
    key.assign(word);
    const auto found = words_.find(key);
    tokens.push_back(found == words_.end() ? 0 : found->second);
  });
  return tokens;
}

Corpus read_corpus(const fs::path& path) {
  if (fs::is_directory(path)) {
    return {read_text(part_of(path, "train")), read_text(part_of(path, "valid")),
            read_text(part_of(path, "test"))};
  }
  const std::string text = read_text(path);
  const std::size_t training = cut_at(text, 0.9), validation = cut_at(text, 0.95);
  return {text.substr(0, training), text.substr(training, validation - training), text.substr(validation)};
}

}  // namespace transformer
