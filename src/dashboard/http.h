// HTTP over memory: the head that a client has sent becomes a Request, and the Answer to it the bytes that are sent back.
// cpp-httplib reads, compresses and writes; it has no socket here. Every answer, refusals of its own included, has the
// headers that SECURITY.md promises, and ends its connection. May be called by several threads.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "dashboard/request.h"

namespace sm2::dashboard {

struct Reply {
  std::string bytes;
  Stream stream;
};

using Handler = std::function<Answer(const Request&)>;  // may throw: status 500

Reply reply_to(std::string_view head, const Handler& handler);

}  // namespace sm2::dashboard
