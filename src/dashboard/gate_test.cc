#include "dashboard/gate.h"

#include <gtest/gtest.h>

namespace sm2::dashboard {
namespace {

const std::string kToken(40, 't');

class GateTest : public ::testing::Test {
 protected:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  static int status(const Gate& gate, Headers headers, const std::string& target = "/",
                    const std::string& method = "GET") {
    const auto refused = gate.refuse({method, target, std::move(headers)}, *parse_target(target));
    return refused ? refused->status : 200;
  }
  static int by_name(const Gate& gate, const std::string& host) { return status(gate, {{"host", host}}); }

  const Gate local{{8714, true, {"dash.example", "proxy.example:443"}, {}}};
  const Gate guarded{{8714, false, {}, kToken}};
};

TEST_F(GateTest, OnlyReads) {
  for (const char* method : {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"})
    EXPECT_EQ(status(local, {{"host", "localhost:8714"}}, "/", method), 405) << method;
  EXPECT_EQ(status(local, {{"host", "localhost:8714"}}, "/", "HEAD"), 200);
}

TEST_F(GateTest, WithoutATokenNobodyChangesAnything) {
  EXPECT_EQ(status(local, {{"host", "localhost:8714"}, {"origin", "http://localhost:8714"}}, "/", "POST"),
            403);
}

TEST_F(GateTest, OnlyThoseWithTheTokenChangeAnything) {
  const auto post = [&](Headers more) {
    more.insert(more.begin(), {"host", "a:8714"});
    return status(guarded, std::move(more), "/api/v1/studies/s/stop", "POST");
  };
  const std::string bearer = "Bearer " + kToken;
  EXPECT_EQ(post({{"authorization", bearer}}), 200);
  EXPECT_EQ(post({{"authorization", bearer}, {"origin", "http://a:8714"}}), 200);
  EXPECT_EQ(post({{"authorization", "Bearer x"}}), 401);
  EXPECT_EQ(post({{"origin", "http://a:8714"}}), 401);
  EXPECT_EQ(post({{"authorization", bearer}, {"origin", "http://evil.example"}}), 403);
  EXPECT_EQ(post({{"authorization", bearer}, {"origin", "null"}}), 403);
  EXPECT_EQ(post({{"authorization", bearer}, {"sec-fetch-site", "cross-site"}}), 403);
}

TEST_F(GateTest, ACookieIsOfNoUseToPagesOfOthers) {
  const Answer logged_in = guarded.log_in(*parse_target("/login?token=" + kToken));
  std::string cookie;
  for (const auto& [name, value] : logged_in.headers) {
    if (name == "Set-Cookie") cookie = value.substr(0, value.find(';'));
  }
  ASSERT_FALSE(cookie.empty());
  const auto post = [&](Headers more) {
    more.insert(more.begin(), {{"host", "a:8714"}, {"cookie", cookie}});
    return status(guarded, std::move(more), "/api/v1/studies/s/stop", "POST");
  };
  EXPECT_EQ(post({{"origin", "http://a:8714"}, {"sec-fetch-site", "same-origin"}}), 200);
  EXPECT_EQ(post({}), 403);
  EXPECT_EQ(post({{"origin", "http://a:9999"}, {"sec-fetch-site", "same-site"}}), 403);
}

TEST_F(GateTest, GoesByThisMachinesNamesAlone) {
  for (const char* host :
       {"127.0.0.1:8714", "localhost:8714", "LocalHost:8714", "[::1]:8714", "127.1.2.3:8714"})
    EXPECT_EQ(by_name(local, host), 200) << host;
  for (const char* host :
       {"evil.example:8714", "localhost.evil.example:8714", "127.0.0.1.evil.example:8714", "localhost:80",
        "127.0.0.1", "localhost", "10.0.0.1:8714", "[::2]:8714", "", ":8714", "::1:8714", "0x7f000001:8714"})
    EXPECT_EQ(by_name(local, host), 421) << host;
}

TEST_F(GateTest, GoesByTheNamesThatTheUserAllows) {
  for (const char* host : {"dash.example", "dash.example:8714", "Dash.Example", "proxy.example:443"})
    EXPECT_EQ(by_name(local, host), 200) << host;
  for (const char* host : {"dash.example:80", "proxy.example", "proxy.example:8714", "x.dash.example"})
    EXPECT_EQ(by_name(local, host), 421) << host;
}

TEST_F(GateTest, WantsOneHost) {
  EXPECT_EQ(status(local, {}), 400);
  EXPECT_EQ(status(local, {{"host", "localhost:8714"}, {"host", "localhost:8714"}}), 400);
}

TEST_F(GateTest, DataIsForOurOwnPages) {
  const auto from = [&](const std::string& site, const std::string& target) {
    return status(local, {{"host", "localhost:8714"}, {"sec-fetch-site", site}}, target);
  };
  for (const char* target : {"/api/v1/studies", "/metrics"}) {
    EXPECT_EQ(from("same-origin", target), 200);
    EXPECT_EQ(from("none", target), 200);
    EXPECT_EQ(from("cross-site", target), 403);
    EXPECT_EQ(from("same-site", target), 403);
  }
}

TEST_F(GateTest, PagesMayBeLinkedToButNotEmbedded) {
  const auto shown = [&](const std::string& mode, const std::string& destination) {
    return status(local, {{"host", "localhost:8714"},
                          {"sec-fetch-site", "cross-site"},
                          {"sec-fetch-mode", mode},
                          {"sec-fetch-dest", destination}});
  };
  EXPECT_EQ(shown("navigate", "document"), 200);
  EXPECT_EQ(shown("navigate", "iframe"), 403);
  EXPECT_EQ(shown("no-cors", "image"), 403);
  EXPECT_EQ(shown("cors", "empty"), 403);
}

TEST_F(GateTest, AnotherOriginIsRefused) {
  const auto by = [&](const std::string& origin) {
    return status(local, {{"host", "localhost:8714"}, {"origin", origin}}, "/api/v1/studies");
  };
  EXPECT_EQ(by("http://localhost:8714"), 200);
  for (const char* origin :
       {"http://evil.example", "null", "http://localhost:8715", "http://evil.example//localhost:8714"})
    EXPECT_EQ(by(origin), 403) << origin;
}

TEST_F(GateTest, TheTokenOpens) {
  const auto with = [&](const std::string& value) {
    return status(guarded, {{"host", "10.0.0.1:8714"}, {"authorization", value}});
  };
  EXPECT_EQ(status(guarded, {{"host", "10.0.0.1:8714"}}), 401);
  EXPECT_EQ(with("Bearer " + kToken), 200);
  EXPECT_EQ(with("bearer " + kToken), 200);
  for (const std::string& wrong :
       {std::string("Bearer "), "Bearer " + kToken + "t", "Bearer " + kToken.substr(1), "Basic " + kToken,
        kToken, "Bearer " + std::string(40, 'u')})
    EXPECT_EQ(with(wrong), 401) << wrong;
}

TEST_F(GateTest, TheLinkWithTheTokenSetsACookieThatOpens) {
  const Answer answer = guarded.log_in(*parse_target("/login?token=" + kToken));
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.headers[0], (std::pair<std::string, std::string>{"Location", "/"}));
  const std::string set = answer.headers[1].second;
  EXPECT_TRUE(set.ends_with("; Path=/; HttpOnly; SameSite=Strict")) << set;
  EXPECT_EQ(set.find(kToken), std::string::npos) << "the token itself stays here";
  const std::string cookie = set.substr(0, set.find(';'));
  const auto with = [&](const std::string& cookies) {
    return status(guarded, {{"host", "10.0.0.1:8714"}, {"cookie", cookies}});
  };
  EXPECT_EQ(with(cookie), 200);
  EXPECT_EQ(with("a=b; " + cookie + "; c=d"), 200);
  for (const std::string& wrong :
       {std::string("a=b"), "x" + cookie, cookie + "0", std::string("sm2-8714="), std::string(";;; ;")})
    EXPECT_EQ(with(wrong), 401) << wrong;
}

TEST_F(GateTest, AWrongLinkSetsNothing) {
  for (const std::string& target :
       {std::string("/login"), std::string("/login?token="), "/login?token=" + kToken + "x"}) {
    const Answer answer = guarded.log_in(*parse_target(target));
    EXPECT_EQ(answer.status, 401);
    EXPECT_TRUE(answer.headers.empty());
  }
  EXPECT_EQ(local.log_in(*parse_target("/login?token=")).status, 401);
}

}  // namespace
}  // namespace sm2::dashboard
