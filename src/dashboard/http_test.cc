#include "dashboard/http.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sm2::dashboard {
namespace {

Answer hello(const Request&) { return {200, "text/plain; charset=utf-8", "hello", {}, {}, {}}; }

std::string sent(const std::string& head, const Handler& handler = hello) {
  return reply_to(head, handler).bytes;
}

std::string get(const std::string& target, const std::string& fields = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string body_of(const std::string& response) { return response.substr(response.find("\r\n\r\n") + 4); }

TEST(Http, AnswersARequest) {
  const std::string response = sent(get("/"));
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK\r\n")) << response;
  EXPECT_TRUE(has(response, "\r\nContent-Length: 5\r\n"));
  EXPECT_TRUE(has(response, "\r\nConnection: close\r\n"));
  EXPECT_EQ(body_of(response), "hello");
}

TEST(Http, ShowsTheRequestAsItWasSent) {
  Request seen;
  sent(get("/a%2fb?x=1", "If-None-Match: W/\"1\"\r\nCookie: a=b\r\n"), [&](const Request& request) {
    seen = request;
    return hello(request);
  });
  EXPECT_EQ(seen.method, "GET");
  EXPECT_EQ(seen.target, "/a%2fb?x=1");
  EXPECT_EQ(seen.value("host"), "a");
  EXPECT_EQ(seen.value("if-none-match"), "W/\"1\"");
  EXPECT_EQ(seen.value("cookie"), "a=b");
  EXPECT_EQ(seen.count("range"), 0u);
}

TEST(Http, EveryAnswerHasTheHeadersThatKeepItApart) {
  const auto fails = [](const Request&) -> Answer { throw std::runtime_error("the reason"); };
  for (const std::string& response :
       {sent(get("/")), sent(get("/"), fails), sent("nonsense"), sent("GET\r\n\r\n"),
        sent("BREW / HTTP/1.1\r\n\r\n"), sent("GET / HTTP/9.9\r\n\r\n"),
        sent(get("/" + std::string(5000, 'a')))}) {
    for (const char* header :
         {"Content-Security-Policy: default-src 'none'; ", "frame-ancestors 'none'", "base-uri 'none'",
          "form-action 'none'", "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY",
          "Referrer-Policy: no-referrer", "Cross-Origin-Opener-Policy: same-origin",
          "Cross-Origin-Resource-Policy: same-origin", "Cache-Control: no-store", "Connection: close"})
      EXPECT_TRUE(has(response, header)) << header << " of " << response;
    EXPECT_FALSE(has(response, "Access-Control")) << response;
    EXPECT_FALSE(has(response, "the reason")) << response;
  }
}

TEST(Http, RefusesWhatItDoesNotUnderstand) {
  EXPECT_TRUE(sent("nonsense").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(sent("BREW / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(sent("GET / HTTP/9.9\r\n\r\n").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(sent(get("/" + std::string(5000, 'a'))).starts_with("HTTP/1.1 414 "));
  EXPECT_TRUE(sent(get("/", "X: " + std::string(20'000, 'a') + "\r\n")).starts_with("HTTP/1.1 431 "));
  EXPECT_TRUE(has(sent("nonsense"), "\"status\":400"));
}

TEST(Http, AMistakeOfOursIsSaidWithoutItsReason) {
  const auto fails = [](const Request&) -> Answer { throw std::runtime_error("the reason"); };
  const std::string response = sent(get("/"), fails);
  EXPECT_TRUE(response.starts_with("HTTP/1.1 500 ")) << response;
  EXPECT_TRUE(has(response, "application/problem+json"));
}

TEST(Http, HeadHasNoBody) {
  const std::string response = sent("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(has(response, "Content-Length: 5\r\n"));
  EXPECT_EQ(body_of(response), "");
}

TEST(Http, CompressesForThoseWhoUnpack) {
  const auto much = [](const Request&) -> Answer {
    return {200, "application/json", std::string(100'000, 'x'), {}, {}, {}};
  };
  EXPECT_EQ(body_of(sent(get("/"), much)).size(), 100'000u);
  const std::string packed = sent(get("/", "Accept-Encoding: gzip, deflate, br\r\n"), much);
  EXPECT_TRUE(has(packed, "Content-Encoding: gzip\r\n"));
  EXPECT_LT(body_of(packed).size(), 1'000u);
}

TEST(Http, ThePolicyAllowsThePagesOwnStyle) {
  const auto page = [](const Request&) -> Answer { return {200, "text/html", "<p>", {}, "abc", {}}; };
  EXPECT_TRUE(has(sent(get("/"), page), "style-src 'nonce-abc'"));
  EXPECT_TRUE(has(sent(get("/"), page), "script-src 'none'"));
  EXPECT_TRUE(has(sent(get("/")), "style-src 'none'"));
}

TEST(Http, ThePolicyAllowsAScriptWhereThePageHasOne) {
  const auto page = [](const Request&) -> Answer { return {200, "text/html", "<p>", {}, "abc", {}, true}; };
  EXPECT_TRUE(has(sent(get("/"), page), "script-src 'nonce-abc'"));
  const auto nameless = [](const Request&) -> Answer { return {200, "text/html", "<p>", {}, {}, {}, true}; };
  EXPECT_TRUE(has(sent(get("/"), nameless), "script-src 'none'"));
}

TEST(Http, AStreamHasNoLength) {
  const auto streams = [](const Request&) -> Answer {
    return {
        200, "text/event-stream", "retry: 1\n\n", {}, {}, [] { return std::optional<std::string>("more"); }};
  };
  const Reply reply = reply_to(get("/", "Accept-Encoding: gzip\r\n"), streams);
  EXPECT_FALSE(has(reply.bytes, "Content-Length"));
  EXPECT_EQ(body_of(reply.bytes), "retry: 1\n\n");
  ASSERT_TRUE(reply.stream);
  EXPECT_EQ(reply.stream(), "more");
  EXPECT_FALSE(reply_to("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", streams).stream);
}

TEST(Http, NotModifiedHasNeitherBodyNorLength) {
  const auto same = [](const Request&) -> Answer { return {304, {}, {}, {{"ETag", "W/\"1\""}}, {}, {}}; };
  const std::string response = sent(get("/"), same);
  EXPECT_TRUE(response.starts_with("HTTP/1.1 304 "));
  EXPECT_FALSE(has(response, "Content-Length"));
}

}  // namespace
}  // namespace sm2::dashboard
