#include "dashboard/http.h"

#include <fmt/format.h>
#include <httplib.h>

#include <cstring>

#include "dashboard/head.h"

namespace sm2::dashboard {
namespace {

class Memory final : public httplib::Stream {
 public:
  explicit Memory(std::string_view in) : in_(in) {}
  const std::string& out() const { return out_; }

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t size) override {
    const std::size_t part = in_.copy(to, size);
    in_.remove_prefix(part);
    return static_cast<ssize_t>(part);
  }
  ssize_t write(const char* from, std::size_t size) override {
    out_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return 0; }

 private:
  std::string_view in_;
  std::string out_;
};

Request request_of(const httplib::Request& sent) {
  Request request{sent.method, sent.target, {}};
  for (const auto& [name, value] : sent.headers) {
    std::string small = name;
    for (char& c : small) c = static_cast<char>(::tolower(static_cast<unsigned char>(c)));
    request.headers.emplace_back(std::move(small), value);
  }
  return request;
}

std::string policy(const std::string& nonce, bool scripted) {
  const std::string own = nonce.empty() ? "'none'" : fmt::format("'nonce-{}'", nonce);
  return fmt::format(
      "default-src 'none'; script-src {}; style-src {}; img-src 'self' data:; connect-src 'self'; "
      "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      scripted ? own : "'none'", own);
}

// One request and its answer.
class Exchange : private httplib::Server {
 public:
  explicit Exchange(const dashboard::Handler& handler) {
    set_pre_routing_handler([&](const httplib::Request& sent, httplib::Response& response) {
      fill(response, handler(request_of(sent)), sent.method == "HEAD");
      return HandlerResponse::Handled;
    });
    set_exception_handler([&](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
      fill(response, problem({500, "The server has made a mistake.", {}}), false);
    });
    set_error_handler([&](const httplib::Request&, httplib::Response& response) {
      if (response.body.empty())
        fill(response, problem({response.status, "This is no request that can be understood.", {}}), false);
    });
    set_post_routing_handler([&](const httplib::Request&, httplib::Response& response) { secure(response); });
  }

  Reply run(std::string_view head) {
    Memory memory(head);
    bool closed = false;
    process_request(memory, true, closed, [](httplib::Request& sent) {
      // Of the encodings gzip alone: brotli at the library's setting takes seconds.
      const bool gzip = sent.get_header_value("Accept-Encoding").find("gzip") != std::string::npos;
      sent.headers.erase("Accept-Encoding");
      if (gzip) sent.set_header("Accept-Encoding", "gzip");
    });
    return {memory.out(), std::move(stream_)};
  }

 private:
  void fill(httplib::Response& response, Answer answer, bool head_only) {
    response.status = answer.status;
    response.headers.clear();
    response.body = std::move(answer.body);
    if (!answer.type.empty()) response.set_header("Content-Type", answer.type);
    for (const auto& [name, value] : answer.headers) response.set_header(name, value);
    nonce_ = answer.nonce;
    scripted_ = answer.scripted;
    endless_ = static_cast<bool>(answer.stream);
    if (!head_only) stream_ = std::move(answer.stream);
  }

  void secure(httplib::Response& response) const {
    response.set_header("Content-Security-Policy", policy(nonce_, scripted_));
    response.set_header("X-Content-Type-Options", "nosniff");
    response.set_header("X-Frame-Options", "DENY");
    response.set_header("Referrer-Policy", "no-referrer");
    response.set_header("Cross-Origin-Opener-Policy", "same-origin");
    response.set_header("Cross-Origin-Resource-Policy", "same-origin");
    response.set_header("Cache-Control", "no-store");
    response.headers.erase("Accept-Ranges");
    if (endless_ || response.status == 304) response.headers.erase("Content-Length");
  }

  std::string nonce_;
  bool scripted_ = false;
  bool endless_ = false;
  dashboard::Stream stream_;
};

}  // namespace

Reply reply_to(std::string_view head, const Handler& handler) {
  const auto checked = checked_head(head);
  if (checked) return Exchange(handler).run(*checked);
  // The library's own way to the answer, with a request that it can read.
  const auto refuse = [&](const Request&) {
    return problem({checked.error(), "This is no request that can be understood.", {}});
  };
  return Exchange(refuse).run("GET / HTTP/1.1\r\n\r\n");
}

}  // namespace sm2::dashboard
