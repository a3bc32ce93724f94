// sm2 report: one self-contained HTML page.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/reading.h"
#include "cli/whole_file.h"
#include "report/html/page.h"
#include "report/printable.h"

namespace sm2::cli {
namespace {

int report_page(const Reading& reading, const std::string& path) {
  const auto study = read_study(reading);
  if (!study) return fail("report", study.error().message);
  if (const auto written = write_whole(path, report::html::page(*study), "-o FILE"); !written) {
    return fail("report", written.error().message);
  }
  fmt::print("{}\n", report::printable(path));
  return 0;
}

}  // namespace

void add_report(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand(
      "report", "A self-contained HTML page: the best setting, its cost, and why the rest was dropped");
  const auto reading = add_reading(*command, true, false);
  const auto path = std::make_shared<std::string>("report.html");
  command->add_option("-o,--output", *path, "The file to write")->capture_default_str();
  command->callback([=, &status] { status = report_page(*reading, *path); });
}

}  // namespace sm2::cli
