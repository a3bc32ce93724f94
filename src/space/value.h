// One value of one parameter. Integers and reals are different values: 1 and 1.0 do not compare equal.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>

namespace sm2::space {

using Value = std::variant<bool, std::int64_t, double, std::string>;

// As it is written into a command line: the shortest text that reads back as the same value.
std::string to_text(const Value& value);

nlohmann::json to_json(const Value& value);
Value value_from_json(
    const nlohmann::json& json);  // throws nlohmann::json::exception on null, array or object

// The value as a number, where it is one.
bool is_number(const Value& value);
double as_number(const Value& value);  // only for is_number(value)

}  // namespace sm2::space
