// JSON as text, put together from parts that are JSON already: figures for pictures, of six digits, in as few bytes as will do.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/quantity.h"

namespace sm2::dashboard::raw {

std::string number(std::optional<double> value);  // null where there is none, or it is not finite
std::string number(std::optional<base::Joules> joules);
std::string string(std::string_view text);  // ASCII; bytes that are not UTF-8 become U+FFFD
std::string truth(bool value);
std::string array(const std::vector<std::string>& parts);
std::string object(std::initializer_list<std::pair<std::string_view, std::string>> members);
std::string object(const std::vector<std::pair<std::string, std::string>>& members);

// A whole column of figures; add() takes what number() does.
class Column {
 public:
  void add(std::optional<double> value) { parts_.push_back(number(value)); }
  void add_text(std::string_view text) { parts_.push_back(string(text)); }
  void add_raw(std::string json) { parts_.push_back(std::move(json)); }
  std::string json() const { return array(parts_); }

 private:
  std::vector<std::string> parts_;
};

// A column of words of which there are few: {"names": [...], "of": [0, 1, ...]}, null for an empty one.
class Words {
 public:
  void add(std::string_view word);
  std::string json() const;

 private:
  std::vector<std::string> names_, of_;
};

}  // namespace sm2::dashboard::raw
