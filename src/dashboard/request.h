// A request and its answer, apart from how they travel.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sm2::dashboard {

struct Request {
  std::string method;                                        // "GET"
  std::string target;                                        // as it was sent: "/studies/x?y=1"
  std::vector<std::pair<std::string, std::string>> headers;  // names in small letters

  std::size_t count(std::string_view header) const;
  std::string_view value(std::string_view header) const;  // of the first one; empty where there is none
};

// What is sent on after an answer: called now and then, by one thread at a time, for more text; none ends it.
using Stream = std::function<std::optional<std::string>()>;

struct Answer {
  int status = 200;
  std::string type;  // of the content
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string nonce;      // of the page's style sheet, where there is one
  Stream stream;          // after the body, which then has no end
  bool scripted = false;  // the nonce is that of its script, too
};

// Why there is no answer but this: "There is no study 'x'."
struct Refusal {
  int status = 404;
  std::string detail;
  std::vector<std::pair<std::string, std::string>> headers;
};

// "Not Found"
std::string_view title(int status);

// A refusal for programs, by RFC 9457.
Answer problem(const Refusal& refusal);

}  // namespace sm2::dashboard
