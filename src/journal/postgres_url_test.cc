#include "journal/postgres_url.h"

#include <gtest/gtest.h>

namespace sm2::journal {
namespace {

TEST(PostgresUrl, WhatIsShownHasNoPassword) {
  const struct {
    const char* url;
    const char* shown;
  } cases[] = {
      {"postgresql://u:secret@h:5433/d", "postgresql://u@h:5433/d"},
      {"postgres://u:secret@h/d", "postgresql://u@h/d"},
      {"postgresql://h/d?password=secret&sslmode=require", "postgresql://h/d?sslmode=require"},
      {"postgresql://u:s%2Fec%40ret@h/d", "postgresql://u@h/d"},
      {"postgresql://u@h/d?sslpassword=secret", "postgresql://u@h/d"},
      {"postgresql://u:secret@/d?host=/run/x&port=5433", "postgresql://u@/d?host=%2Frun%2Fx&port=5433"},
      {"postgresql://u:sec?ret@h/d", "postgresql://u@h/d"},
      {"postgresql:///d", "postgresql:///d"},
      {"postgresql://u@h/a%20b", "postgresql://u@h/a%20b"},
      {"postgresql://u:secret@h1:1,h2:2/d", "postgresql://u@/d?host=h1%2Ch2&port=1%2C2"},
      {"postgresql://u:secret@[::1]:5/d", "postgresql://u@/d?host=%3A%3A1&port=5"},
  };
  for (const auto& tried : cases) {
    const auto parsed = PostgresUrl::parse(tried.url);
    ASSERT_TRUE(parsed) << tried.url;
    EXPECT_EQ(parsed->shown, tried.shown);
    EXPECT_EQ(parsed->text, tried.url);
    const auto again = PostgresUrl::parse(parsed->shown);
    ASSERT_TRUE(again) << "what is shown can be given back";
    EXPECT_EQ(again->shown, tried.shown);
  }
}

TEST(PostgresUrl, AMistakeNearAPasswordShowsNothingOfIt) {
  for (const char* url :
       {"postgresql://u:sec/ret@h/d", "postgresql://u:sec@ret@h/d", "postgresql://u:sec?ret@ret@h/d",
        "postgresql://u:sec%ret@h/d", "postgresql://u:ret@h/d?nonsense=1", "postgresql://[::1/ret",
        "postgresql://u:ret@h/d?sslmode"}) {
    const auto parsed = PostgresUrl::parse(url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_EQ(parsed.error().message.find("sec"), std::string::npos);
    EXPECT_EQ(parsed.error().message.find("ret@"), std::string::npos);
  }
  EXPECT_FALSE(PostgresUrl::parse(std::string_view("postgresql://h/d\0x", 18)));
}

TEST(PostgresUrl, TheDatabaseIsTheUsersWhereNoneIsNamed) {
  EXPECT_EQ(PostgresUrl::parse("postgresql://u@h/d")->database, "d");
  EXPECT_EQ(PostgresUrl::parse("postgresql://u@h")->database, "u");
  EXPECT_FALSE(PostgresUrl::parse("postgresql://")->database.empty());
}

}  // namespace
}  // namespace sm2::journal
