// sm2 report: one self-contained HTML page. It is written beside its place and renamed, so that a page that
// is there is whole.
#include <fmt/core.h>

#include <filesystem>
#include <fstream>

#include "cli/commands.h"
#include "cli/reading.h"
#include "report/html/page.h"
#include "report/printable.h"

namespace sm2::cli {
namespace {

base::Result<> write(const std::string& path, const std::string& text) {
  std::error_code error;
  // A device or a pipe is written to as it is.
  const bool replace = !std::filesystem::exists(path, error) || std::filesystem::is_regular_file(path, error);
  const std::string target = replace ? path + ".new" : path;
  std::ofstream file(target, std::ios::binary);
  if (!(file && file << text << std::flush)) {
    return base::fail("{}: cannot be written; choose another place with -o FILE", path);
  }
  file.close();
  if (replace) std::filesystem::rename(target, path, error);
  if (error) return base::fail("{}: {}", path, error.message());
  return {};
}

int report_page(const Reading& reading, const std::string& path) {
  const auto study = read_study(reading);
  if (!study) return fail("report", study.error().message);
  if (const auto written = write(path, report::html::page(*study)); !written) {
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
