// sm2 report: the answers of a study as a self-contained HTML page, as Markdown, or as text.
#include <filesystem>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "cli/whole_file.h"
#include "report/brief.h"
#include "report/html/page.h"
#include "report/markdown/page.h"
#include "report/printable.h"

namespace sm2::cli {
namespace {

constexpr const char* kStandardOutput = "-";

struct Wanted {
  std::shared_ptr<Reading> reading;
  std::string format;  // empty: by the ending of `output`
  std::string output;  // empty: as the format has it
};

base::Result<std::string> format_of(const Wanted& wanted) {
  if (!wanted.format.empty()) return wanted.format;
  const std::string ending = std::filesystem::path(wanted.output).extension().string();
  if (ending == ".md" || ending == ".markdown") return "markdown";
  if (ending == ".txt") return "text";
  if (ending.empty() || ending == ".html" || ending == ".htm") return "html";
  return base::fail(
      "-o {}: reports end in .html, .md or .txt; name the format with --format where yours is to end in {}",
      wanted.output, ending);
}

std::string written(const report::Study& study, const std::string& format) {
  if (format == "markdown") return report::markdown::page(study);
  return format == "text" ? report::brief_text(study) : report::html::page(study);
}

base::Result<> report_study(const Wanted& wanted) {
  const auto format = format_of(wanted);
  if (!format) return tl::unexpected(format.error());
  const auto study = read_study(*wanted.reading);
  if (!study) return tl::unexpected(study.error());
  const std::string usual = *format == "html" ? "report.html" : kStandardOutput;
  const std::string path = wanted.output.empty() ? usual : wanted.output;
  const std::string text = written(*study, *format);
  if (path == kStandardOutput) {
    put(stdout, text);
    return {};
  }
  const auto done = write_whole(path, text, "-o FILE");
  if (done) put(stdout, report::printable(path) + "\n");
  return done;
}

}  // namespace

void add_report(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand(
      "report",
      "The best setting, its cost, and why the rest was dropped: a self-contained HTML page, Markdown, text");
  const auto wanted = std::make_shared<Wanted>();
  wanted->reading = add_reading(*command, true, false);
  command
      ->add_option("--format", wanted->format,
                   "html: a page with pictures; markdown: for a pull request; text: for a terminal. Unless "
                   "told, by the "
                   "ending of FILE: .html, .md, .txt")
      ->check(CLI::IsMember({"html", "markdown", "text"}));
  command
      ->add_option("-o,--output", wanted->output,
                   "The file to write, - for standard output [html: report.html; else -]")
      ->type_name("FILE");
  command->callback([wanted, &status] {
    const auto done = report_study(*wanted);
    status = done ? 0 : fail("report", done.error().message);
  });
}

}  // namespace sm2::cli
