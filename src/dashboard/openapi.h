// docs/openapi.json, as it was when this was built.
#pragma once

#include <string_view>

namespace sm2::dashboard {

extern const std::string_view kOpenApi;

}  // namespace sm2::dashboard
