// As GoogleTest's own main, but standard output is written line by line: under the thread sanitizer a forked child that
// ends writes what it inherited unwritten, into the pipe that a test reads.
#include <gtest/gtest.h>

#include <cstdio>

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
