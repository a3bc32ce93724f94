// docs/library.md shows programs of examples/library, line for line.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace sm2::library {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::vector<std::string> blocks(const std::string& page) {
  const std::string opens = "```cpp\n", closes = "```\n";
  std::vector<std::string> found;
  for (std::size_t at = page.find(opens); at != std::string::npos; at = page.find(opens, at)) {
    at += opens.size();
    found.push_back(page.substr(at, page.find(closes, at) - at));
  }
  return found;
}

TEST(LibraryPage, ShowsProgramsThatAreCompiled) {
  const std::filesystem::path root = SM2_SOURCE_DIR;
  std::string programs;
  for (const auto& file : std::filesystem::directory_iterator(root / "examples/library")) {
    if (file.path().extension() == ".cc") programs += read(file.path());
  }
  const auto shown = blocks(read(root / "docs/library.md"));
  EXPECT_EQ(shown.size(), 3u);
  for (const std::string& block : shown) EXPECT_NE(programs.find(block), std::string::npos) << block;
}

}  // namespace
}  // namespace sm2::library
