// What a browser shows: the page of web/, which asks the API, and the same without scripts: the list of studies, the report of a
// study (report/html/page.h), and refusals. A page without scripts of something that goes on is loaded anew by itself.
//
//   /  /studies/NAME  /studies/NAME/trials/ID  /compare     the page; what it shows is in the address
//   /report  /studies/NAME/report                           without scripts, also at / and /studies/NAME where there are no assets
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dashboard/assets.h"
#include "dashboard/router.h"
#include "dashboard/studies.h"

namespace sm2::dashboard {

inline constexpr std::size_t kMostListed = 1'000;  // studies, the latest

std::string list_page(const std::vector<std::shared_ptr<const Row>>& rows, const std::string& store,
                      const std::string& nonce);

Answer refusal_page(const Refusal& refusal);

// `controls`: whether studies can be paused, resumed and stopped (control.h).
std::vector<Route> page_routes(Studies& studies, Assets assets, bool controls);

}  // namespace sm2::dashboard
