// From a request to its answer: through the gate, to the one that knows the path. Any thread may call.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dashboard/gate.h"
#include "dashboard/request.h"

namespace sm2::dashboard {

using Answered = tl::expected<Answer, Refusal>;

struct Call {
  const Request& request;
  std::vector<std::string> names;  // what stands in the place of each {name} of the pattern
  std::map<std::string, std::string> query;
};

struct Route {
  std::string pattern;  // "/api/v1/studies/{study}"
  std::function<Answered(const Call&)> answer;
  std::string method = "GET";  // then HEAD, too
};

class Router {
 public:
  // `page` makes a refusal readable for people.
  Router(Gate gate, std::vector<Route> routes, std::function<Answer(const Refusal&)> page);

  Answer answer(const Request& request) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  Answered find(const Request& request, const Target& target) const;

  Gate gate_;
  std::vector<Route> routes_;
  std::function<Answer(const Refusal&)> page_;
};

}  // namespace sm2::dashboard
