#include "cifar10.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <string>

#include "trainer/trainer.h"

namespace resnet {
namespace {

namespace fs = std::filesystem;

class Cifar10File : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "sm2-cifar10-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path file(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }

  static std::string record(int label, char pixel) {
    return std::string(1, static_cast<char>(label)) + std::string(3072, pixel);
  }

  std::string error(const fs::path& path) {
    try {
      read_cifar10({path});
    } catch (const trainer::DataError& error) {
      return error.what();
    }
    return "";
  }

  fs::path folder_;
};

TEST_F(Cifar10File, GivesLabelsAndPixelsInOrder) {
  const Cifar10 all =
      read_cifar10({file("a.bin", record(3, 'a') + record(9, 'b')), file("b.bin", record(0, 'c'))});
  EXPECT_EQ(all.labels, (std::vector<std::uint8_t>{3, 9, 0}));
  ASSERT_EQ(all.pixels.size(), 3u * 3072);
  EXPECT_EQ(all.pixels[3071], 'a');
  EXPECT_EQ(all.pixels[3072], 'b');
  EXPECT_EQ(all.pixels.back(), 'c');
}

TEST_F(Cifar10File, CutShortIsNamedWithItsOffset) {
  const std::string message = error(file("cut.bin", record(1, 'a') + record(2, 'b').substr(0, 100)));
  EXPECT_NE(message.find("cut.bin: 3173 bytes"), std::string::npos) << message;
  EXPECT_NE(message.find("offset 3073"), std::string::npos) << message;
}

TEST_F(Cifar10File, OfAnotherFormatIsNamedWithItsOffset) {
  const std::string message = error(file("other.bin", record(1, 'a') + record(77, 'b')));
  EXPECT_NE(message.find("label 77 at offset 3073"), std::string::npos) << message;
}

TEST_F(Cifar10File, EmptyOrMissingIsAnError) {
  EXPECT_NE(error(file("empty.bin", "")), "");
  EXPECT_NE(error(folder_ / "none.bin").find("cannot be opened"), std::string::npos);
}

TEST_F(Cifar10File, FolderIsReadByNameAndKeepsTheTestFileApart) {
  for (const char* name : {"data_batch_2.bin", "data_batch_1.bin.gz", "test_batch.bin", "readme.html"})
    file(name, "x");
  const Cifar10Files files = find_cifar10(folder_);
  EXPECT_EQ(files.training,
            (std::vector<fs::path>{folder_ / "data_batch_1.bin.gz", folder_ / "data_batch_2.bin"}));
  EXPECT_EQ(files.test, (std::vector<fs::path>{folder_ / "test_batch.bin"}));
}

TEST_F(Cifar10File, FolderWithoutImagesIsAnError) { EXPECT_THROW(find_cifar10(folder_), trainer::DataError); }

}  // namespace
}  // namespace resnet
