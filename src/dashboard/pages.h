// What a browser shows: the list of studies, the page of a study (report/html/page.h), and refusals. No script; a page of
// something that goes on is loaded anew by itself.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dashboard/router.h"
#include "dashboard/studies.h"

namespace sm2::dashboard {

inline constexpr std::size_t kMostListed = 1'000;  // studies, the latest

std::string list_page(const std::vector<std::shared_ptr<const Row>>& rows, const std::string& store,
                      const std::string& nonce);

Answer refusal_page(const Refusal& refusal);

std::vector<Route> page_routes(Studies& studies);

}  // namespace sm2::dashboard
