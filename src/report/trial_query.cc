#include "report/trial_query.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/units.h"

namespace sm2::report {
namespace {

using journal::Trial;

constexpr std::array<std::string_view, 6> kStates = {"running",  "interrupted", "paused",
                                                     "finished", "stopped",     "failed"};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

std::vector<std::string_view> by_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    parts.push_back(trimmed(text.substr(0, comma)));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

base::Result<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return base::fail("'{}' is not a number", text);
  return value;
}

template <class Quantity>
base::Result<double> value_of(const base::Result<Quantity>& parsed) {
  if (!parsed) return tl::unexpected(parsed.error());
  return parsed->value;
}

base::Result<FieldValue> parse_value(const TrialField& field, const std::string& relation,
                                     std::string_view text) {
  const bool compares = relation != "=" && relation != "!=";
  const auto plain = number(text);
  if (text.empty() && !compares) return FieldValue();
  if (plain) return FieldValue(*plain);
  if (field.kind == TrialField::Kind::kEnergy || field.kind == TrialField::Kind::kTime) {
    const auto value = field.kind == TrialField::Kind::kEnergy ? value_of(base::parse_energy(text))
                                                               : value_of(base::parse_duration(text));
    if (!value) return tl::unexpected(value.error());
    return FieldValue(*value);
  }
  if (compares) return tl::unexpected(plain.error());
  return FieldValue(std::string(text));
}

base::Result<TrialQuery::Filter> parse_filter(const Study& study, const std::string& text) {
  const std::size_t at = text.find_first_of("=!<>");
  const std::size_t end = at == text.npos ? at : text.find_first_not_of("=!<>", at);
  const std::string relation = at == text.npos ? "" : text.substr(at, std::min(end, text.size()) - at);
  constexpr std::array<std::string_view, 6> kRelations = {"=", "!=", "<", "<=", ">", ">="};
  if (std::ranges::find(kRelations, relation) == kRelations.end()) {
    return base::fail("--filter '{}': write KEY=VALUE, or != < <= > >= in place of =: \"energy<100\"", text);
  }
  const auto field = find_trial_field(study, trimmed(std::string_view(text).substr(0, at)));
  if (!field) return base::fail("--filter '{}': {}", text, field.error().message);
  const std::string_view wanted = trimmed(std::string_view(text).substr(std::min(end, text.size())));
  if (field->name == "state" && std::ranges::find(kStates, wanted) == kStates.end()) {
    return base::fail("--filter '{}': a state is one of {}; trials that were dropped are stopped", text,
                      fmt::join(kStates, ", "));
  }
  const auto value = parse_value(*field, relation, wanted);
  if (!value) return base::fail("--filter '{}': {}", text, value.error().message);
  return TrialQuery::Filter{*field, relation, *value, std::string(wanted)};
}

bool known(const FieldValue& value) { return !std::holds_alternative<std::monostate>(value); }

bool equal(const TrialQuery::Filter& filter, const FieldValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text == filter.text : value == filter.value;
}

bool passes(const TrialQuery::Filter& filter, const FieldValue& value) {
  if (filter.relation == "!=") return !equal(filter, value);
  if (filter.relation == "=") return equal(filter, value);
  const auto* number = std::get_if<double>(&value);
  const auto* limit = std::get_if<double>(&filter.value);
  if (!number || !limit) return false;
  if (filter.relation == "<") return *number < *limit;
  if (filter.relation == "<=") return *number <= *limit;
  if (filter.relation == ">") return *number > *limit;
  return *number >= *limit;
}

bool before(const TrialQuery::Order& order, const FieldValue& a, const FieldValue& b) {
  if (!known(a) || !known(b)) return known(a) && !known(b);
  return order.descending ? b < a : a < b;
}

}  // namespace

base::Result<TrialQuery> parse_query(const Study& study, const std::string& sort,
                                     const std::vector<std::string>& filters, const std::string& columns) {
  TrialQuery query;
  for (std::string_view key : by_commas(sort)) {
    const bool descending = key.starts_with('-');
    if (descending) key.remove_prefix(1);
    const auto field = find_trial_field(study, key);
    if (!field) return base::fail("--sort: {}", field.error().message);
    query.order.push_back({*field, descending});
  }
  for (const std::string& text : filters) {
    auto filter = parse_filter(study, text);
    if (!filter) return tl::unexpected(filter.error());
    query.filters.push_back(*std::move(filter));
  }
  for (const std::string_view key : by_commas(columns)) {
    const auto field = find_trial_field(study, key);
    if (!field) return base::fail("--columns: {}", field.error().message);
    query.columns.push_back(*field);
  }
  return query;
}

std::vector<const Trial*> select(const Study& study, const TrialQuery& query) {
  struct Row {
    const Trial* trial;
    std::vector<FieldValue> keys;
  };
  std::vector<Row> rows;
  for (const auto& one : study.state.trials) {
    const Trial& trial = one.second;
    const auto holds = [&](const TrialQuery::Filter& filter) {
      return passes(filter, filter.field.value(study, trial));
    };
    if (!std::ranges::all_of(query.filters, holds)) continue;
    Row& row = rows.emplace_back(Row{&trial, {}});
    for (const TrialQuery::Order& order : query.order) row.keys.push_back(order.field.value(study, trial));
  }
  std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) {
    for (std::size_t i = 0; i < query.order.size(); ++i) {
      if (before(query.order[i], a.keys[i], b.keys[i])) return true;
      if (before(query.order[i], b.keys[i], a.keys[i])) return false;
    }
    return false;
  });
  std::vector<const Trial*> trials;
  for (const Row& row : rows) trials.push_back(row.trial);
  return trials;
}

}  // namespace sm2::report
