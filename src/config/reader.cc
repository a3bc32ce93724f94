#include "config/reader.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "base/nearest.h"

namespace sm2::config {

Reader::Reader(const toml::table& table, std::string path, const std::string& file)
    : table_(&table), path_(std::move(path)), file_(&file) {}

const toml::node* Reader::find(std::string_view key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.emplace_back(key);
  return table_->get(key);
}

const toml::node* Reader::node(std::string_view key) { return find(key); }

unsigned Reader::line(std::string_view key) const {
  const toml::node* at = key.empty() ? nullptr : table_->get(key);
  return std::max<unsigned>(1, (at ? at->source() : table_->source()).begin.line);
}

void Reader::fail(std::string_view key, std::string_view what) const {
  std::string name = path_;
  if (!key.empty()) name += (name.empty() ? "" : ".") + std::string(key);
  throw Complaint{fmt::format("{}:{}: {}{}{}", *file_, line(key), name, name.empty() ? "" : ": ", what)};
}

std::optional<std::string> Reader::text(std::string_view key) {
  const toml::node* found = find(key);
  if (!found) return {};
  if (!found->is_string()) fail(key, "must be a text in quotes");
  return checked(key, found->ref<std::string>());
}

// No program can be given a NUL, nor can a file be called so: all behind it would be lost.
const std::string& Reader::checked(std::string_view key, const std::string& text) const {
  if (text.find('\0') != std::string::npos) fail(key, "holds a NUL character, \\u0000; leave it out");
  return text;
}

std::optional<double> Reader::number(std::string_view key) {
  const toml::node* found = find(key);
  if (!found) return {};
  if (!found->is_number()) fail(key, "must be a number");
  const double value = *found->value<double>();
  if (!std::isfinite(value)) fail(key, "must be a finite number");
  return value;
}

std::optional<std::int64_t> Reader::integer(std::string_view key) {
  const toml::node* found = find(key);
  if (!found) return {};
  if (!found->is_integer()) fail(key, "must be a whole number");
  return found->ref<std::int64_t>();
}

std::optional<bool> Reader::flag(std::string_view key) {
  const toml::node* found = find(key);
  if (!found) return {};
  if (!found->is_boolean()) fail(key, "must be true or false");
  return found->ref<bool>();
}

std::optional<std::vector<std::string>> Reader::texts(std::string_view key) {
  const toml::node* found = find(key);
  if (!found) return {};
  const toml::array* array = found->as_array();
  if (!array || array->empty() || !array->is_homogeneous(toml::node_type::string)) {
    fail(key, "must be a list of texts, for example [\"a\", \"b\"]");
  }
  std::vector<std::string> all;
  for (const toml::node& item : *array) all.push_back(checked(key, item.ref<std::string>()));
  return all;
}

space::Value Reader::value(std::string_view key, const toml::node& node) const {
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* real = node.as_floating_point()) {
    if (!std::isfinite(real->get())) fail(key, "must be finite");
    return real->get();
  }
  if (const auto* boolean = node.as_boolean()) return boolean->get();
  if (const auto* text = node.as_string()) return checked(key, text->get());
  fail(key, "holds something that is no number, text or boolean");
}

std::optional<std::vector<space::Value>> Reader::values(std::string_view key) {
  const toml::node* found = find(key);
  if (!found) return {};
  const toml::array* array = found->as_array();
  if (!array) return std::vector{value(key, *found)};
  std::vector<space::Value> all;
  for (const toml::node& item : *array) all.push_back(value(key, item));
  return all;
}

std::optional<Reader> Reader::table(std::string_view key) {
  const toml::node* found = find(key);
  if (!found) return {};
  if (!found->is_table()) fail(key, "must be a table");
  return Reader(*found->as_table(), path_.empty() ? std::string(key) : path_ + "." + std::string(key),
                *file_);
}

std::vector<std::string> Reader::keys() const {
  std::vector<std::tuple<std::uint32_t, std::uint32_t, std::string>> placed;
  for (const auto& [key, node] : *table_) {
    const auto at = key.source().begin;
    placed.emplace_back(at.line, at.column, std::string(key.str()));
  }
  std::ranges::sort(placed);
  std::vector<std::string> names;
  for (auto& [line, column, name] : placed) names.push_back(std::move(name));
  return names;
}

void Reader::finish() const {
  for (const std::string& key : keys()) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    const auto meant = base::nearest(key, known_);
    fail(key, meant ? fmt::format("is unknown; did you mean '{}'?", *meant)
                    : fmt::format("is unknown; known are {}", fmt::join(known_, ", ")));
  }
}

}  // namespace sm2::config
