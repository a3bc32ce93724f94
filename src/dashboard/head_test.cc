#include "dashboard/head.h"

#include <gtest/gtest.h>

namespace sm2::dashboard {
namespace {

const std::string kLine = "GET / HTTP/1.1\r\n";

int status_of(const std::string& head) {
  const auto checked = checked_head(head);
  return checked ? 200 : checked.error();
}

TEST(Head, EndsAtItsEmptyLine) {
  EXPECT_EQ(end_of_head(""), 0u);
  EXPECT_EQ(end_of_head("GET / HTTP/1.1\r\nHost: a\r\n"), 0u);
  EXPECT_EQ(end_of_head("GET / HTTP/1.1\r\n\r\nmore"), kLine.size() + 2);
}

TEST(Head, EndsEarlyWhereItCannotBecomeOne) {
  EXPECT_EQ(end_of_head("\x16\x03\x01"), 3u) << "a TLS hello";
  const std::string longest(kLongestHead, 'A');
  EXPECT_EQ(end_of_head(longest), 0u);
  EXPECT_EQ(end_of_head(longest + "A"), kLongestHead + 1);
}

TEST(Head, KeepsTheFieldsThatAreLookedAt) {
  const auto head = checked_head(kLine +
                                 "Host: a\r\nRange: bytes=0-\r\nExpect: 100-continue\r\nContent-Length: 7\r\n"
                                 "Transfer-Encoding: chunked\r\nCOOKIE: x\r\nREMOTE_ADDR: y\r\n\r\n");
  EXPECT_EQ(*head, kLine + "Host: a\r\nCOOKIE: x\r\n\r\n");
}

TEST(Head, ThatIsTooLongIsRefused) {
  EXPECT_EQ(status_of("GET /" + std::string(kLongestRequestLine, 'a') + " HTTP/1.1\r\n\r\n"), 414);
  EXPECT_EQ(status_of(std::string(kLongestHead + 1, 'A')), 414);
  EXPECT_EQ(status_of(kLine + "X: " + std::string(kLongestHead, 'a') + "\r\n\r\n"), 431);
  std::string many = kLine;
  for (std::size_t field = 0; field <= kMostFields; ++field) many += "A: b\r\n";
  EXPECT_EQ(status_of(many + "\r\n"), 431);
}

TEST(Head, ThatIsNoneIsRefused) {
  for (const std::string& head :
       {std::string("GET / HTTP/1.1"), kLine + "no colon\r\n\r\n", kLine + ": no name\r\n\r\n",
        kLine + " Folded: line\r\n\r\n", kLine + "A: b\r\n folded\r\n\r\n", kLine + "A b: c\r\n\r\n",
        kLine + "A: b\nHost: c\r\n\r\n", kLine + "A: b\rHost: c\r\n\r\n",
        kLine + std::string("A: \0b\r\n\r\n", 9), kLine + "A: \x1b\r\n\r\n",
        std::string("GET /\0 HTTP/1.1\r\n\r\n", 19), std::string("\x16\x03\x01", 3)})
    EXPECT_EQ(status_of(head), 400) << head;
}

}  // namespace
}  // namespace sm2::dashboard
