// A folder of its own for a test, with files of given text; gone with it.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace sm2::workload {

class FolderTest : public testing::Test {
 protected:
  FolderTest() {
    std::string pattern = testing::TempDir() + "sm2-workload-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~FolderTest() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ / name; }
  std::string folder() const { return folder_; }

  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name) << text;
    return path(name);
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace sm2::workload
