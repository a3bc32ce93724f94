#include "dashboard/shown.h"

#include <fmt/format.h>

#include <charconv>

#include "config/study_file.h"

namespace sm2::dashboard {
namespace {

Refusal no_study(const std::string& study) {
  if (!config::is_name(study)) return {404, "This is no name of a study.", {}};
  return {404, fmt::format("There is no study '{}'.", study), {}};
}

// Whether the list of tags has this one; they are weak, and compared so (RFC 9110, 8.8.3.2).
bool has_tag(std::string_view tags, const std::string& tag) {
  return tags == "*" || tags.find(fmt::format("\"{}\"", tag)) != std::string_view::npos;
}

}  // namespace

Answered shown(Studies& studies, const std::string& study,
               const std::function<Answered(const Folded&)>& show) {
  if (!config::is_name(study)) return tl::unexpected(no_study(study));
  Answered answered = tl::unexpected(no_study(study));
  const auto seen = studies.see(study, [&](const Folded& folded) { answered = show(folded); });
  if (!seen) return tl::unexpected(unavailable(seen.error()));
  if (!seen->trouble.empty()) return tl::unexpected(Refusal{500, seen->trouble, {}});
  return answered;
}

Refusal unavailable(const base::Error& error) { return {503, error.message, {{"Retry-After", "2"}}}; }

tl::expected<const journal::Trial*, Refusal> find_trial(const Folded& folded, const std::string& number) {
  trial::TrialId id = 0;
  const char* end = number.data() + number.size();
  const auto read = std::from_chars(number.data(), end, id);
  const bool is_number = read.ec == std::errc() && read.ptr == end && number == std::to_string(id);
  const auto found = is_number ? folded.study.state.trials.find(id) : folded.study.state.trials.end();
  if (found != folded.study.state.trials.end()) return &found->second;
  if (!is_number) return tl::unexpected(Refusal{404, "This is no number of a trial.", {}});
  return tl::unexpected(Refusal{404, fmt::format("The study has no trial {}.", id), {}});
}

Answer tagged(Answer answer, const std::string& tag, const Request& request) {
  answer.headers.emplace_back("ETag", fmt::format("W/\"{}\"", tag));
  if (!has_tag(request.value("if-none-match"), tag)) return answer;
  answer.status = 304;
  answer.type.clear();
  answer.body.clear();
  return answer;
}

}  // namespace sm2::dashboard
