#include "tests/fuzz/mutations.h"

#include <fstream>

namespace sm2::fuzz {
namespace {

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      plain += text[at];
    } else if (text[++at] == 'x') {
      plain += static_cast<char>(std::stoi(std::string(text.substr(at + 1, 2)), nullptr, 16));
      at += 2;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

}  // namespace

std::string Mutations::next() {
  constexpr std::uint64_t kMost = 6;
  std::string text = any(inputs_);
  for (std::uint64_t left = 1 + random_.index(kMost); left > 0; --left) mutate(text);
  return text;
}

void Mutations::mutate(std::string& text) {
  constexpr std::size_t kLongest = 1 << 16;
  const std::size_t at = place(text);
  const std::string part = text.substr(at, 1 + random_.index(32));
  switch (random_.index(6)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random_.index(8)));
      break;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(random_.bits());
      break;
    case 2:
      text.erase(at, part.size());
      break;
    case 3:
      if (text.size() < kLongest) text.insert(place(text), part);
      break;
    case 4: {
      const std::string& other = any(inputs_);
      text.resize(at);
      text += other.substr(place(other));
      break;
    }
    default:
      if (!words_.empty()) text.insert(at, any(words_));
  }
}

std::vector<std::string> read_words(const std::filesystem::path& file) {
  std::vector<std::string> words;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > 2) words.push_back(unescaped(std::string_view(line).substr(1, line.size() - 2)));
  }
  return words;
}

}  // namespace sm2::fuzz
