#include "runner/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>

#include "runner/log.h"
#include "runner/protocol.h"

namespace sm2::runner {
namespace {

// Terminal sequences (CSI: colours, cursor; OSC: titles, links; the short ones) and control characters.
std::string without_controls(std::string_view text) {
  static const RE2 controls(
      R"(\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)|[\x00-\x08\x0b-\x1f\x7f])", RE2::Latin1);
  std::string plain(text);
  RE2::GlobalReplace(&plain, controls, "");
  return plain;
}

bool has_controls(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

bool in_groups_of_three(std::string_view text) {
  static const RE2 groups(R"([-+]?\d{1,3}(,\d{3})+(\.\d*)?)");
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), groups);
}

// A number as people print it. `whole`: one that counts something.
std::optional<double> printed_number(std::string_view text, bool whole) {
  while (!text.empty() && std::string_view(" \t.,;:%)]}").find(text.back()) != text.npos)
    text.remove_suffix(1);
  if (const auto number = to_number(text)) return number;
  std::string digits(text);
  if (in_groups_of_three(text) && (whole || text.find('.') != text.npos)) {
    std::erase(digits, ',');
  } else {
    const auto comma = digits.find(',');
    if (comma == digits.npos) return std::nullopt;
    digits[comma] = '.';
  }
  return to_number(digits);
}

}  // namespace

struct Matcher::State {
  explicit State(const Pattern& wanted) : pattern(wanted), expression(wanted.expression, RE2::Quiet) {}

  Pattern pattern;
  RE2 expression;
  std::vector<re2::StringPiece> found;  // of the last match, by group number
  std::optional<double> named;          // resource of the last match that named one
  std::optional<double> first;          // and that of the first evaluation
  double evaluations = 0;
  std::string unread;  // stood at the metric and was no number
};

Matcher::Matcher(std::unique_ptr<State> state) : state_(std::move(state)) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

base::Result<Matcher> Matcher::compile(const Pattern& pattern) {
  auto state = std::make_unique<State>(pattern);
  const RE2& expression = state->expression;
  if (!expression.ok()) {
    const std::string& about = expression.error_arg();
    const auto at = pattern.expression.find(about);
    const bool located = !about.empty() && at != std::string::npos;
    return base::fail("'{}' is no RE2 expression: {}{}", pattern.expression, expression.error(),
                      located ? fmt::format(" (at character {})", at + 1) : "");
  }
  state->found.resize(static_cast<std::size_t>(expression.NumberOfCapturingGroups()) + 1);
  return Matcher(std::move(state));
}

std::vector<Said> Matcher::match(std::string_view line) {
  std::vector<Said> all;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(kOverwrites), line.size());
    const std::string_view piece = line.substr(0, end);
    if (has_controls(piece)) {
      match_piece(without_controls(piece), all);
    } else {
      match_piece(piece, all);
    }
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return all;
}

void Matcher::match_piece(std::string_view piece, std::vector<Said>& all) {
  const re2::StringPiece text(piece.data(), piece.size());
  auto& found = state_->found;
  for (std::size_t at = 0; at < text.size();) {
    if (!state_->expression.Match(text, at, text.size(), RE2::UNANCHORED, found.data(),
                                  static_cast<int>(found.size()))) {
      return;
    }
    if (auto said = read_groups()) all.push_back(*std::move(said));
    const auto end = static_cast<std::size_t>(found[0].data() - text.data()) + found[0].size();
    at = std::max(end, at + 1);
  }
}

std::optional<Said> Matcher::read_groups() {
  Said said;
  bool any = false;
  const Pattern& pattern = state_->pattern;
  for (const auto& [name, index] : state_->expression.NamedCapturingGroups()) {
    const re2::StringPiece& group = state_->found[static_cast<std::size_t>(index)];
    if (!group.data()) continue;
    const bool whole = name == pattern.unit || name == "step" || name == "samples";
    const auto value = printed_number(std::string_view(group.data(), group.size()), whole);
    if (!value && name == pattern.metric) state_->unread = group.as_string();
    if (!value) continue;
    any = true;
    const bool finite = std::isfinite(*value);  // else it is no place in a training
    if (name == pattern.metric) said.metrics[name] = *value;
    if (finite && name == pattern.unit) said.step.resource = *value;
    if (finite && name == "step")
      said.step.step = static_cast<std::int64_t>(std::clamp(*value, -0x1p53, 0x1p53));
    if (finite && name == "samples") said.step.samples = *value;
    if (finite && name == "learning_rate") said.step.learning_rate = *value;
    if (name == "loss" && pattern.metric != "loss") said.step.loss = *value;
    if (!whole && name != "learning_rate") said.metrics[name] = *value;
  }
  if (!any) return std::nullopt;
  if (said.step.resource) state_->named = said.step.resource;
  if (!said.metrics.contains(pattern.metric)) {
    said.metrics.clear();
    return said;
  }
  ++state_->evaluations;
  if (!said.step.resource) said.step.resource = state_->named.value_or(state_->evaluations);
  if (!state_->first) state_->first = said.step.resource;
  return said;
}

std::string Matcher::complaint() const {
  const Pattern& pattern = state_->pattern;
  if (state_->evaluations == 0 && !state_->unread.empty())
    return fmt::format("'{}', where the pattern has {}, is no number", printable(state_->unread),
                       pattern.metric);
  if (state_->first == 0)
    return fmt::format(
        "its first evaluation is at {0} 0: if {0}s are counted from 0, leave the group {0} out of the "
        "pattern, which counts from 1",
        pattern.unit);
  return "";
}

std::vector<std::string> Matcher::groups() const {
  std::vector<std::string> names;
  for (const auto& [name, index] : state_->expression.NamedCapturingGroups()) names.push_back(name);
  return names;
}

base::Result<> check(const Pattern& pattern) {
  const auto matcher = Matcher::compile(pattern);
  if (!matcher) return tl::unexpected(matcher.error());
  const auto groups = matcher->groups();
  if (std::find(groups.begin(), groups.end(), pattern.metric) != groups.end()) return {};
  return base::fail("'{0}' has no group named after the metric: write (?P<{1}>[-+.0-9e]+) where '{1}' stands",
                    pattern.expression, pattern.metric);
}

}  // namespace sm2::runner
