// What a store is called where it lies: of a file, by whatever links it was reached, the last part of its path; of any other
// store its URL, without a password.
#pragma once

#include <string>
#include <string_view>

namespace sm2::journal {

std::string store_name(std::string_view url);

}  // namespace sm2::journal
