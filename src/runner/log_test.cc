#include "runner/log.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <fstream>
#include <sstream>

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

class LogTest : public testing::Test {
 protected:
  LogTest() {
    std::string pattern = (fs::temp_directory_path() / "sm2-log-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~LogTest() override { fs::remove_all(folder_); }

  Log open(std::size_t limit) { return std::move(*Log::open(path(), limit)); }
  fs::path path() const { return folder_ / "log"; }
  std::string content() const {
    std::ifstream file(path());
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  fs::path folder_;
};

// Files may not grow beyond so much while it lives, as on a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit most{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &most);
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  sighandler_t handler_;
};

TEST_F(LogTest, AFullDiskCostsTheLogAndIsSaid) {
  Log log = open(1000);
  log.write("begin\n");
  EXPECT_EQ(log.complaint(), "");
  {
    const FullDisk full(10);
    log.write(std::string(100, 'x') + "\n");
    log.write(std::string(900, 'y') + "\nthe end\n");
    EXPECT_EQ(content(), "begin\nxxxx");
    EXPECT_NE(log.complaint().find("its log is incomplete: "), std::string::npos);
    EXPECT_TRUE(log.tail().ends_with("the end\n")) << "what it died of is known all the same";
  }
  log.close();
  const std::string kept = content();
  EXPECT_TRUE(kept.starts_with("begin\nxxxx\n... ")) << kept;
  EXPECT_TRUE(kept.ends_with("the end\n"));
  EXPECT_EQ(kept.find('\0'), std::string::npos) << "no holes";
}

TEST_F(LogTest, KeepsShortOutputWholeAndPrivate) {
  Log log = open(100);
  log.write("hello\n");
  EXPECT_EQ(content(), "hello\n") << "at once";
  log.close();
  EXPECT_EQ(content(), "hello\n");
  EXPECT_EQ(fs::status(path()).permissions(), fs::perms(0600));
}

TEST_F(LogTest, KeepsTheFirstAndTheLastHalf) {
  Log log = open(20);
  for (const char* part : {"0123456789ab", "cdefghij", "klmnopqrstuvwxyz"}) log.write(part);
  log.close();
  EXPECT_EQ(content(), "0123456789\n... 16 bytes left out ...\nqrstuvwxyz");
  EXPECT_EQ(log.left_out(), 16u);
}

TEST_F(LogTest, LeavesNothingOutWhenItJustFits) {
  Log log = open(20);
  log.write("0123456789abcdefghij");
  log.close();
  EXPECT_EQ(content(), "0123456789abcdefghij");
}

TEST_F(LogTest, AFloodInOneWriteIsBounded) {
  Log log = open(1'000);
  log.write(std::string(1'000'000, 'x'));
  log.write("end\n");
  log.close();
  EXPECT_LT(content().size(), 1'100u);
  EXPECT_TRUE(content().ends_with("end\n"));
}

TEST_F(LogTest, ALaterStretchGoesOnWithinTheSameLimit) {
  for (const char* part : {"0123", "456789abcd", "efghijklmnopqrst", "uvwxyz"}) {
    Log log = open(20);
    log.write(part);
    log.close();
  }
  EXPECT_EQ(content(), "0123456789\n... 16 bytes left out ...\nqrstuvwxyz");
}

TEST_F(LogTest, AStretchThatSaysNothingChangesNothing) {
  for (const char* part : {"0123456789abcdefghijklmnopqrstuvwxyz", ""}) {
    Log log = open(20);
    log.write(part);
    log.close();
  }
  EXPECT_EQ(content(), "0123456789\n... 16 bytes left out ...\nqrstuvwxyz");
}

TEST_F(LogTest, DoesNotFollowALinkAndSaysWhy) {
  fs::create_symlink("/dev/null", path());
  const auto log = Log::open(path(), 100);
  ASSERT_FALSE(log);
  EXPECT_NE(log.error().message.find(path().string()), std::string::npos);
}

TEST_F(LogTest, TheTailIsTheEndOfThisStretch) {
  Log log = open(10);
  log.write(std::string(100'000, 'x'));
  log.write("\nlast words\n");
  EXPECT_LE(log.tail().size(), 64u << 10);
  EXPECT_EQ(last_line(log.tail()), "last words");
}

TEST(LastLine, SkipsBlankLinesAndKeepsTheLastStateOfALine) {
  EXPECT_EQ(last_line("first\nsecond\n \n\n"), "second");
  EXPECT_EQ(last_line("10 %\r20 %\r\n"), "20 %");
  EXPECT_EQ(last_line(""), "");
  EXPECT_EQ(last_line("\n\n"), "");
}

TEST(Printable, StripsWhatATerminalWouldObey) {
  EXPECT_EQ(printable("\x1b[31mred\x1b[0m\talert\a"), "red alert");
  EXPECT_EQ(printable("caf\xc3\xa9 \xff\xc3"), "caf\xc3\xa9 ??");
  EXPECT_EQ(printable("\xed\xa0\x80"), "???") << "a surrogate is no character";
  EXPECT_EQ(printable("\x1b["), "");
  EXPECT_LE(printable(std::string(10'000, 'x')).size(), 304u);
}

}  // namespace
}  // namespace sm2::runner
