// Inputs made of others by a seed: bytes changed, stretches taken out, doubled or put in from other inputs and from a
// target's dictionary. The same seed gives the same inputs on every machine.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"

namespace sm2::fuzz {

class Mutations {
 public:
  // Words may be none, inputs not.
  Mutations(std::vector<std::string> inputs, std::vector<std::string> words, std::uint64_t seed)
      : inputs_(std::move(inputs)), words_(std::move(words)), random_(seed) {}

  std::string next();

 private:
  void mutate(std::string& text);
  const std::string& any(const std::vector<std::string>& of) { return of[random_.index(of.size())]; }
  std::size_t place(std::string_view text) { return random_.index(text.size() + 1); }

  std::vector<std::string> inputs_;
  std::vector<std::string> words_;
  base::Random random_;
};

// A file with a word in quotes on each line, with \\, \" and \xAB in it: libFuzzer's format.
std::vector<std::string> read_words(const std::filesystem::path& file);

}  // namespace sm2::fuzz
