#include <memory>

#include "dashboard/dashboard.h"
#include "dashboard/head.h"
#include "dashboard/http.h"
#include "dashboard/router.h"
#include "journal/memory.h"
#include "tests/fuzz/checks.h"

namespace sm2::fuzz {
namespace {

using namespace dashboard;

base::Result<std::unique_ptr<journal::Store>> store_of_one_study() {
  auto store = std::make_unique<journal::MemoryStore>();
  const trial::Created created{
      "[study]\nname = \"s\"\ncommand = [\"a\", \"{x}\"]\nmetric = { name = \"m\", goal = \"maximize\" }\n"
      "resource = { max = 1 }\n[space]\nx = { values = [1] }\n"};
  if (auto written = (*store->create("s"))->append({{{base::Seconds(1), created}}}); !written)
    return tl::unexpected(written.error());
  return store;
}

const Router& router() {
  static Studies studies({"store", store_of_one_study, [](const std::string&) { return false; }},
                         {std::chrono::hours(1), std::chrono::hours(1), {}, 1});
  static const auto made = make_router(studies, [](const std::string& study) { return "/nowhere/" + study; },
                                       {"the script", "the style"}, {8714, true, {"dash.example"}, {}});
  return *made;
}

}  // namespace

void request(std::string_view input) {
  const std::size_t end = end_of_head(input);
  require(end <= input.size(), "a head ends within what was received");
  if (end == 0) return require(input.size() <= kLongestHead, "what is too long is not waited for");
  const Reply reply =
      reply_to(input.substr(0, end), [](const Request& asked) { return router().answer(asked); });
  require(reply.bytes.starts_with("HTTP/1.1 "), "everything that has an end is answered");
  const std::string_view head = std::string_view(reply.bytes).substr(0, reply.bytes.find("\r\n\r\n"));
  for (const char* header : {"\r\nContent-Security-Policy: default-src 'none'", "\r\nConnection: close",
                             "\r\nX-Content-Type-Options: nosniff", "\r\nCache-Control: no-store"})
    require(head.find(header) != std::string_view::npos, "every answer has the headers that keep it apart");
  require(!reply.bytes.starts_with("HTTP/1.1 500"), "nothing that is asked is a mistake of the server");
}

}  // namespace sm2::fuzz
