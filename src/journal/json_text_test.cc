#include "journal/json_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "journal/json_number.h"

namespace sm2::journal {
namespace {

using nlohmann::json;

TEST(JsonText, IsReadBackAsWhatWasPut) {
  const std::string text = JsonText::object([](JsonText& object) {
    object.put("text", "a");
    object.put("truth", false);
    object.put("whole", -7L);
    object.put("real", 1.0);
    object.put("none", std::optional<int>());
    object.put("some", std::optional<int>(3));
    object.put_json("json", R"({"a":[]})");
    object.put_list("list", std::vector{0.5, 2.0});
    object.put_list("nothing", std::vector<int>{});
    object.put_objects("objects", std::vector{1, 2}, [](JsonText& one, int value) { one.put("of", value); });
    object.put_object("empty", [](JsonText&) {});
  });
  EXPECT_EQ(text,
            R"({"text":"a","truth":false,"whole":-7,"real":1.0,"some":3,"json":{"a":[]},"list":[0.5,2.0],)"
            R"("nothing":[],"objects":[{"of":1},{"of":2}],"empty":{}})");
}

TEST(JsonText, KeysAndTextsMayHoldAnything) {
  const std::string bait = "\"},{\x01\n\\ \xff \xc3\xa9 \x7f {[,:";
  const json read = json::parse(JsonText::object([&](JsonText& object) {
    object.put(bait, bait);
    object.put("after", 1);
  }));
  const std::string kept = "\"},{\x01\n\\ \xef\xbf\xbd \xc3\xa9 \x7f {[,:";
  EXPECT_EQ(read, (json{{kept, kept}, {"after", 1}}));
}

RC_GTEST_PROP(JsonText, NumbersComeBackTheSame, (std::uint64_t bits)) {
  double value = 0;
  static_assert(sizeof value == sizeof bits);
  std::memcpy(&value, &bits, sizeof value);
  const json read = json::parse(JsonText::object([&](JsonText& object) { object.put("value", value); }));
  const double back = to_number(read["value"]);
  const bool same = std::isnan(value) ? std::isnan(back) : std::memcmp(&back, &value, sizeof value) == 0;
  RC_ASSERT(same);
  RC_ASSERT(read["value"].is_number_float() || !std::isfinite(value));
}

RC_GTEST_PROP(JsonText, WritesTextAsTheLibraryDoes, (const std::string& text)) {
  const std::string written = JsonText::object([&](JsonText& object) { object.put("text", text); });
  RC_ASSERT(written == (json{{"text", text}}.dump(-1, ' ', false, json::error_handler_t::replace)));
}

}  // namespace
}  // namespace sm2::journal
