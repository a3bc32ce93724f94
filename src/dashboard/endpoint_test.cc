#include "dashboard/endpoint.h"

#include <gtest/gtest.h>

namespace sm2::dashboard {
namespace {

TEST(Endpoint, IsAnAddressAndAPort) {
  const auto four = *parse_endpoint("127.0.0.1:8714");
  EXPECT_EQ(four.host, "127.0.0.1");
  EXPECT_EQ(four.port, 8714);
  EXPECT_TRUE(four.loopback);
  EXPECT_TRUE(parse_endpoint("[::1]:8714")->loopback);
  EXPECT_TRUE(parse_endpoint("localhost:0")->loopback);
  for (const char* everywhere : {"0.0.0.0:1", "[::]:1", "192.168.1.2:1", "[::ffff:127.0.0.1]:1"})
    EXPECT_FALSE(parse_endpoint(everywhere)->loopback) << everywhere;
}

TEST(Endpoint, WhatIsNoneIsRefused) {
  for (const char* text : {"", "8714", "127.0.0.1", ":8714", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000",
                           "127.0.0.1:-1", "127.1:80", "::1:80", "[::1]", "example.org:80", "127.0.0.1 :80"})
    EXPECT_FALSE(parse_endpoint(text)) << text;
}

TEST(Endpoint, IsListenedOnOnce) {
  const auto first = listen_on(*parse_endpoint("127.0.0.1:0"));
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_NE(first->port, 0);
  const auto second = listen_on(*parse_endpoint("127.0.0.1:" + std::to_string(first->port)));
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("--listen"), std::string::npos);
}

TEST(Endpoint, NamesOfThisMachineForItself) {
  for (const char* name : {"localhost", "LOCALHOST", "127.0.0.1", "127.255.255.254", "[::1]"})
    EXPECT_TRUE(is_loopback_name(name)) << name;
  for (const char* name : {"", "localhost.", "a.localhost", "0.0.0.0", "::1", "[::]", "128.0.0.1"})
    EXPECT_FALSE(is_loopback_name(name)) << name;
}

}  // namespace
}  // namespace sm2::dashboard
