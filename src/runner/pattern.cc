#include "runner/pattern.h"

#include <re2/re2.h>

#include <algorithm>

#include "runner/protocol.h"

namespace sm2::runner {

struct Matcher::State {
  explicit State(const Pattern& wanted) : pattern(wanted), expression(wanted.expression, RE2::Quiet) {}

  Pattern pattern;
  RE2 expression;
  std::vector<re2::StringPiece> found;  // of the last match, by group number
  double evaluations = 0;
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
  while (!line.empty()) {  // a progress bar writes over itself with carriage returns
    const std::size_t end = std::min(line.find('\r'), line.size());
    match_piece(line.substr(0, end), all);
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
    const auto value = group.data() ? to_number(std::string_view(group.data(), group.size())) : std::nullopt;
    if (!value) continue;
    any = true;
    if (name == pattern.metric) said.metrics[name] = *value;
    if (name == pattern.unit) said.step.resource = *value;
    if (name == "step") said.step.step = static_cast<std::int64_t>(std::clamp(*value, -0x1p53, 0x1p53));
    if (name == "samples") said.step.samples = *value;
    if (name == "learning_rate") said.step.learning_rate = *value;
    if (name == "loss" && pattern.metric != "loss") said.step.loss = *value;
    const bool progress =
        name == pattern.unit || name == "step" || name == "samples" || name == "learning_rate";
    if (!progress) said.metrics[name] = *value;
  }
  if (!any) return std::nullopt;
  if (!said.metrics.contains(pattern.metric)) {
    said.metrics.clear();
  } else {
    ++state_->evaluations;
    if (!said.step.resource) said.step.resource = state_->evaluations;
  }
  return said;
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
