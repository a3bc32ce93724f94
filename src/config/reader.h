// A TOML table read strictly: every key that is asked for is known, and finish() complains about the others.
// Complaints are thrown inside this room and end at parse_study().
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "space/value.h"

#include <toml++/toml.h>

namespace sm2::config {

struct Complaint {
  std::string message;
};

class Reader {
 public:
  // `path` names the table in messages: "study", "space.momentum".
  Reader(const toml::table& table, std::string path, const std::string& file);

  std::optional<std::string> text(std::string_view key);
  std::optional<double> number(std::string_view key);  // integers too
  std::optional<std::int64_t> integer(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  std::optional<std::vector<std::string>> texts(std::string_view key);
  std::optional<std::vector<space::Value>> values(std::string_view key);  // one value, or an array of them
  std::optional<Reader> table(std::string_view key);
  const toml::node* node(std::string_view key);

  // A text with a unit, read by one of base/units.h's functions.
  template <class T>
  std::optional<T> quantity(std::string_view key, base::Result<T> (*parse)(std::string_view)) {
    const auto written = text(key);
    if (!written) return {};
    auto parsed = parse(*written);
    if (!parsed) fail(key, parsed.error().message);
    return *parsed;
  }

  template <class T>
  T required(std::string_view key, std::optional<T> value, std::string_view example) {
    if (!value) fail("", fmt::format("{} is missing; write for example {}", key, example));
    return *std::move(value);
  }

  std::vector<std::string> keys() const;
  unsigned line(std::string_view key) const;  // of the key's value, or of the table where it is missing
  bool has(std::string_view key) const { return table_->contains(key); }

  void finish() const;  // complains about the first key that nobody asked for

  [[noreturn]] void fail(std::string_view key, std::string_view what) const;

 private:
  const std::string& checked(std::string_view key, const std::string& text) const;
  space::Value value(std::string_view key, const toml::node& node) const;
  const toml::node* find(std::string_view key);

  const toml::table* table_;
  std::string path_;
  const std::string* file_;
  std::vector<std::string> known_;
};

}  // namespace sm2::config
