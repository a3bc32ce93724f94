#include "report/progress.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/printable.h"

namespace sm2::report {
namespace {

constexpr base::Seconds kRedraw{0.1}, kLogged{300};
constexpr std::string_view kToEndOfLine = "\x1b[K", kToEndOfScreen = "\x1b[J", kPlain = "\x1b[0m",
                           kDim = "\x1b[2m";
constexpr std::size_t kMostLines = 10;

std::string_view colour(Tone tone) {
  switch (tone) {
    case Tone::kPlain:
      return "";
    case Tone::kQuiet:
      return kDim;
    case Tone::kHeading:
      return "\x1b[1m";
    case Tone::kGood:
      return "\x1b[1;32m";
    case Tone::kWarning:
      return "\x1b[33m";
    case Tone::kBad:
      return "\x1b[31m";
  }
  return "";
}

std::string coloured(const std::string& text, std::string_view on) {
  return on.empty() ? text : fmt::format("{}{}{}", on, text, kPlain);
}

}  // namespace

void Progress::resize(const Screen& screen) {
  if (screen.columns != screen_.columns || screen.rows != screen_.rows) made_.reset();
  screen_ = screen;
}

// To the first of the lines that stand. In a terminal that was made narrower since, each may take several rows.
std::string Progress::above() const {
  if (!shown_ || widths_.empty()) return "";
  const std::size_t columns = std::max<std::size_t>(screen_.columns, 1);
  std::size_t rows = 0;
  for (const std::size_t width : widths_) rows += std::max<std::size_t>((width + columns - 1) / columns, 1);
  return fmt::format("\r\x1b[{}A", rows);
}

std::string Progress::clear() {
  if (!shown_) return "";
  const std::string all = above() + std::string(kToEndOfScreen);
  shown_ = false;
  return all;
}

void Progress::leave() {
  shown_ = false;
  made_.reset();
}

std::string Progress::log(const std::vector<Line>& lines, const trial::Event& event,
                          const journal::StudyState& after) {
  std::string all;
  for (const Line& line : lines) all += line.text + "\n";
  if (!made_) made_ = event.time;
  if (event.time - *made_ < kLogged || after.closed) return all;
  made_ = event.time;
  live_.watts = power_.watts();
  return all + status(*spec_, after, live_) + "\n";
}

std::string Progress::draw(const journal::StudyState& after) {
  const std::size_t width = screen_.columns > 1 ? screen_.columns - 1 : 1;
  const std::size_t most = std::min(screen_.rows > 2 ? screen_.rows - 2 : 1, kMostLines);
  std::string all;
  live_.watts = power_.watts();
  widths_.clear();
  for (const StandingLine& line : standing(*spec_, after, live_, width, most)) {
    all += coloured(line.label, screen_.colour ? kDim : "") + line.text + std::string(kToEndOfLine) + "\n";
    widths_.push_back(line.label.size() + columns(line.text));
  }
  return all;
}

std::string Progress::render(const trial::Event& event, const journal::StudyState& after) {
  const std::vector<Line> lines = narrative_.tell(event, after);
  power_.tell(event, after);
  if (!screen_.terminal) return log(lines, event, after);
  const bool fresh = made_ && event.time - *made_ < kRedraw;
  if (lines.empty() && shown_ && fresh) return "";
  std::string all = lines.empty() ? above() : clear();
  for (const Line& line : lines) {
    all += coloured(line.text, screen_.colour ? colour(line.tone) : "") + "\n";
  }
  if (std::holds_alternative<trial::Closed>(event.body)) return all;
  if (!fresh) {
    standing_ = draw(after);
    made_ = event.time;
  }
  shown_ = true;
  return all + standing_ + std::string(kToEndOfScreen);
}

}  // namespace sm2::report
