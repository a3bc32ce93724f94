#include "dashboard/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <new>
#include <thread>

#include "dashboard/endpoint.h"

namespace sm2::dashboard {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }
  void send(const std::string& text) const { ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL); }
  // What comes next; empty: the server has closed, or nothing came within the time.
  std::string receive(milliseconds patience = milliseconds(10'000)) const {
    pollfd event{socket_.get(), POLLIN, 0};
    if (::poll(&event, 1, static_cast<int>(patience.count())) <= 0) return "";
    char part[4096];
    const ssize_t got = ::recv(socket_.get(), part, sizeof part, 0);
    return got > 0 ? std::string(part, static_cast<std::size_t>(got)) : "";
  }
  std::string all() const {
    std::string text;
    for (std::string part = receive(); !part.empty(); part = receive()) text += part;
    return text;
  }
  bool closed(milliseconds patience) const {
    pollfd event{socket_.get(), POLLIN, 0};
    char byte;
    return ::poll(&event, 1, static_cast<int>(patience.count())) > 0 &&
           ::recv(socket_.get(), &byte, 1, 0) <= 0;
  }
  void close() { socket_.reset(); }

 private:
  base::Descriptor socket_;
};

class ServerTest : public ::testing::Test {
 protected:
  void serve(Limits limits = {}) {
    limits.for_goodbye = milliseconds(200);
    auto listening = *listen_on(*parse_endpoint("127.0.0.1:0"));
    port = listening.port;
    const auto answering = [this](const std::string& head) { return reply_to(head, handler); };
    server = std::make_unique<Server>(std::move(listening.socket), answering, limits);
  }
  std::string ask(const std::string& text = kGet) const {
    const Client client(port);
    client.send(text);
    return client.all();
  }
  static bool well(const std::string& response) {
    return response.starts_with("HTTP/1.1 200 ") && response.ends_with("hello");
  }

  Handler handler = [](const Request&) -> Answer { return {200, "text/plain", "hello", {}, {}, {}}; };
  std::uint16_t port = 0;
  std::unique_ptr<Server> server;
};

TEST_F(ServerTest, Answers) {
  serve();
  EXPECT_TRUE(well(ask()));
  EXPECT_TRUE(well(ask()));
}

TEST_F(ServerTest, AnswersManyAtOnce) {
  serve();
  std::atomic<int> answered = 0;
  std::vector<std::thread> clients;
  for (int client = 0; client < 50; ++client) {
    clients.emplace_back([&] {
      for (int request = 0; request < 5; ++request) answered += well(ask());
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(answered, 250);
}

TEST_F(ServerTest, AHeadMayComeInPieces) {
  serve();
  const Client client(port);
  for (const char c : std::string(kGet)) client.send({c});
  EXPECT_TRUE(well(client.all()));
}

TEST_F(ServerTest, OneRequestIsAnsweredAndNoMore) {
  serve();
  const std::string response = ask(std::string(kGet) + kGet);
  EXPECT_TRUE(well(response));
  EXPECT_EQ(response.find("HTTP/1.1", 1), std::string::npos);
}

TEST_F(ServerTest, AHeadThatIsTooLongIsRefusedAsItComes) {
  serve();
  const Client client(port);
  client.send("GET / HTTP/1.1\r\nA: " + std::string(100'000, 'a'));
  EXPECT_TRUE(client.all().starts_with("HTTP/1.1 431 "));
}

TEST_F(ServerTest, WhatIsNoHttpIsRefusedAtOnce) {
  serve();
  EXPECT_TRUE(ask("\x16\x03\x01\x02").starts_with("HTTP/1.1 400 "));
}

TEST_F(ServerTest, AHeadThatDoesNotComeToItsEndIsNotWaitedFor) {
  Limits limits;
  limits.for_head = milliseconds(200);
  serve(limits);
  const Client slow(port), silent(port);
  slow.send("GET / HT");
  EXPECT_TRUE(slow.closed(milliseconds(5'000)));
  EXPECT_TRUE(silent.closed(milliseconds(5'000)));
}

TEST_F(ServerTest, ThoseWhoWaitWithHalfAHeadGiveWay) {
  Limits limits;
  limits.connections = 8;
  serve(limits);
  std::vector<std::unique_ptr<Client>> slow;
  for (int count = 0; count < 40; ++count) {
    slow.push_back(std::make_unique<Client>(port));
    slow.back()->send("GET / HT");
  }
  for (int request = 0; request < 5; ++request) EXPECT_TRUE(well(ask()));
  EXPECT_TRUE(slow.front()->closed(milliseconds(5'000)));
}

TEST_F(ServerTest, MoreThanItCanHoldAreToldSo) {
  Limits limits;
  limits.connections = 2;
  std::atomic<bool> go_on = false;
  std::atomic<int> begun = 0;
  handler = [&](const Request&) -> Answer {
    for (++begun; !go_on;) std::this_thread::sleep_for(milliseconds(1));
    return {200, "text/plain", "hello", {}, {}, {}};
  };
  serve(limits);
  const Client one(port), two(port);
  one.send(kGet), two.send(kGet);
  while (begun < 2) std::this_thread::sleep_for(milliseconds(1));
  EXPECT_TRUE(ask("").starts_with("HTTP/1.1 503 "));
  go_on = true;
  EXPECT_TRUE(well(one.all()));
  EXPECT_TRUE(well(two.all()));
}

TEST_F(ServerTest, AnAnswerThatIsNotTakenIsGivenUp) {
  Limits limits;
  limits.for_progress = milliseconds(200);
  handler = [](const Request&) -> Answer {
    return {200, "text/plain", std::string(32 << 20, 'x'), {}, {}, {}};
  };
  serve(limits);
  const Client client(port);
  client.send(kGet);
  std::this_thread::sleep_for(milliseconds(1'000));
  EXPECT_LT(client.all().size(), std::size_t{32} << 20);
}

TEST_F(ServerTest, AnswersThatWaitAreBounded) {
  Limits limits;
  limits.unsent = 40 << 20;
  handler = [](const Request&) -> Answer {
    return {200, "text/plain", std::string(32 << 20, 'x'), {}, {}, {}};
  };
  serve(limits);
  const Client first(port), second(port);
  first.send(kGet);
  EXPECT_NE(first.receive(), "");
  second.send(kGet);
  EXPECT_GT(second.all().size(), std::size_t{32} << 20);
  EXPECT_LT(first.all().size(), std::size_t{32} << 20);
}

TEST_F(ServerTest, AStreamGoesOnUntilItEndsItself) {
  Limits limits;
  limits.between_looks = milliseconds(10);
  handler = [](const Request&) -> Answer {
    return {200, "text/event-stream", "0", {}, {}, [count = 0]() mutable -> std::optional<std::string> {
              if (++count > 3) return {};
              return std::to_string(count);
            }};
  };
  serve(limits);
  EXPECT_TRUE(ask().ends_with("\r\n\r\n0123"));
}

TEST_F(ServerTest, AStreamIsLetGoWhenItsClientLeaves) {
  Limits limits;
  limits.between_looks = milliseconds(10);
  const auto held = std::make_shared<int>();
  handler = [&](const Request&) -> Answer {
    return {200, "text/event-stream", "0", {}, {}, [held] { return std::optional<std::string>("x"); }};
  };
  serve(limits);
  Client client(port);
  client.send(kGet);
  EXPECT_NE(client.receive(), "");
  EXPECT_GT(held.use_count(), 1);
  client.close();
  const auto patience = Clock::now() + milliseconds(5'000);
  while (held.use_count() > 1 && Clock::now() < patience) std::this_thread::sleep_for(milliseconds(1));
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(ServerTest, EndsUnderEveryKindOfClient) {
  handler = [](const Request& request) -> Answer {
    if (request.target == "/stream")
      return {200, "text/event-stream", "", {}, {}, [] { return std::optional<std::string>("x"); }};
    return {200, "text/plain", std::string(32 << 20, 'x'), {}, {}, {}};
  };
  serve();
  const Client silent(port), half(port), reader(port), stream(port);
  half.send("GET / HT");
  reader.send(kGet);
  stream.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(reader.receive(), "");
  EXPECT_NE(stream.receive(), "");
  const auto begin = Clock::now();
  server.reset();
  EXPECT_LT(Clock::now() - begin, milliseconds(5'000));
  EXPECT_TRUE(silent.closed(milliseconds(1'000)));
}

TEST_F(ServerTest, AStreamThatFailsEndsItselfAlone) {
  handler = [](const Request& request) -> Answer {
    if (request.target == "/") return {200, "text/plain", "hello", {}, {}, {}};
    return {200, "text/event-stream",
            "0", {},
            {},  []() -> std::optional<std::string> { throw std::bad_alloc(); }};
  };
  serve();
  EXPECT_TRUE(ask("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n").ends_with("\r\n\r\n0"));
  EXPECT_TRUE(well(ask()));
}

TEST_F(ServerTest, AnAnswerThatIsOnItsWayIsSentBeforeTheEnd) {
  std::atomic<bool> begun = false;
  handler = [&](const Request&) -> Answer {
    begun = true;
    std::this_thread::sleep_for(milliseconds(100));
    return {200, "text/plain", "hello", {}, {}, {}};
  };
  serve();
  const Client client(port);
  client.send(kGet);
  while (!begun) std::this_thread::sleep_for(milliseconds(1));
  server.reset();
  EXPECT_TRUE(well(client.all()));
}

}  // namespace
}  // namespace sm2::dashboard
