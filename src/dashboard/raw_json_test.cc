#include "dashboard/raw_json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace sm2::dashboard::raw {
namespace {

TEST(RawJsonTest, NumbersHaveSixDigitsAndAreNullWhereThereIsNone) {
  EXPECT_EQ(number(0.1234567), "0.123457");
  EXPECT_EQ(number(3.0), "3");
  EXPECT_EQ(nlohmann::json::parse(number(1.5e300)), 1.5e300);
  EXPECT_EQ(nlohmann::json::parse(number(-1e-300)), -1e-300);
  EXPECT_EQ(number(std::nan("")), "null");
  EXPECT_EQ(number(INFINITY), "null");
  EXPECT_EQ(number(std::optional<double>()), "null");
  EXPECT_EQ(number(std::optional<base::Joules>()), "null");
}

TEST(RawJsonTest, TextIsAsciiWhateverItWas) {
  for (const std::string text : {"</script>\"\\", "\x1b[31m\n", "\xe2\x80\xae", "\xff\xfe", ""}) {
    const std::string json = string(text);
    EXPECT_TRUE(std::ranges::all_of(json, [](char c) { return c >= 0x20 && c < 0x7f; })) << json;
    EXPECT_TRUE(nlohmann::json::parse(json).is_string());
  }
  EXPECT_EQ(nlohmann::json::parse(string("a\"b\n")), "a\"b\n");
}

TEST(RawJsonTest, ObjectsAndColumnsAreWhole) {
  Column column;
  column.add(1.5);
  column.add({});
  column.add_text("x");
  const auto json = nlohmann::json::parse(object({{"a\"b", column.json()}, {"c", truth(true)}}));
  EXPECT_EQ(json["a\"b"], nlohmann::json::parse("[1.5,null,\"x\"]"));
  EXPECT_EQ(json["c"], true);
  EXPECT_EQ(object(std::vector<std::pair<std::string, std::string>>()), "{}");
  EXPECT_EQ(Column().json(), "[]");
}

TEST(RawJsonTest, WordsAreNamedOnce) {
  Words words;
  for (const char* word : {"a", "b", "a", ""}) words.add(word);
  EXPECT_EQ(words.json(), "{\"names\":[\"a\",\"b\"],\"of\":[0,1,0,null]}");
}

}  // namespace
}  // namespace sm2::dashboard::raw
