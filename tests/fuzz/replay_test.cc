// Every target over its corpus and seeded mutations of it, so that the unit tests and their sanitizers run all parsers over
// bad input, the same on every machine. SM2_FUZZ_INPUTS in the environment: how many mutations instead of the usual number.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "testing/comma_locale.h"
#include "tests/fuzz/mutations.h"
#include "tests/fuzz/targets.h"

namespace sm2::fuzz {

void PrintTo(const Named& target, std::ostream* out) { *out << target.name; }

namespace {

namespace fs = std::filesystem;

const fs::path kHere = fs::path(SM2_SOURCE_DIR) / "tests" / "fuzz";

int wanted() {
  const char* const number = std::getenv("SM2_FUZZ_INPUTS");
  return number ? std::atoi(number) : 400;
}

std::vector<std::string> corpus(const Named& target) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kHere / "corpus" / target.name))
    files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<std::string> inputs;
  for (const fs::path& file : files) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    inputs.push_back(text.str());
  }
  return inputs;
}

// Whether the target took it; a fault is kept in a file, which a target's own libFuzzer binary reproduces.
bool takes(const Named& target, const std::string& input) {
  std::string fault;
  try {
    target.run(input);
    return true;
  } catch (const std::exception& error) {
    fault = error.what();
  }
  const std::string kept = ::testing::TempDir() + "fuzz-" + std::string(target.name);
  std::ofstream(kept, std::ios::binary) << input;
  ADD_FAILURE() << target.name << ": " << fault << "; the input is in " << kept;
  return false;
}

class Fuzz : public ::testing::TestWithParam<Named> {};

TEST_P(Fuzz, TakesItsCorpus) {
  const auto inputs = corpus(GetParam());
  ASSERT_FALSE(inputs.empty());
  for (const std::string& input : inputs) takes(GetParam(), input);
}

TEST_P(Fuzz, TakesItsCorpusWithDecimalCommas) {
  const testing::CommaLocale commas;
  for (const std::string& input : corpus(GetParam())) takes(GetParam(), input);
}

TEST_P(Fuzz, TakesMutations) {
  const std::string name(GetParam().name);
  Mutations mutations(corpus(GetParam()), read_words(kHere / "dictionaries" / (name + ".dict")), 1);
  for (int left = wanted(); left > 0 && takes(GetParam(), mutations.next()); --left) continue;
}

INSTANTIATE_TEST_SUITE_P(Every, Fuzz, ::testing::ValuesIn(kTargets),
                         [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace sm2::fuzz
