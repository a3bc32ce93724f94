// sm2_describe FOLDER, a program of the build: writes manual pages (man1/) and completions for shells (bash/, zsh/, fish/) of the
// command line that it is linked with.
#include <filesystem>
#include <fstream>

#include "cli/app.h"
#include "cli/completion.h"
#include "cli/man_page.h"
#include "cli/output.h"
#include "cli/serve_options.h"

namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream.exceptions(std::ios::failbit | std::ios::badbit);
  stream << text << std::flush;
}

// With the options of sm2 serve, which are its own program's.
sm2::cli::DescribedCommand described() {
  int status = 0;
  const auto app = sm2::cli::make_app(status);
  sm2::cli::DescribedCommand program = sm2::cli::describe(*app, "sm2");
  CLI::App serve(sm2::cli::kServeHelp);
  sm2::cli::Serving serving;
  sm2::cli::add_serve_options(serve, serving);
  for (sm2::cli::DescribedCommand& command : program.commands)
    if (command.name == "sm2 serve") command.options = sm2::cli::describe(serve, command.name).options;
  return program;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return sm2::cli::put(stderr, "usage: sm2_describe FOLDER\n"), 2;
  const std::filesystem::path folder = argv[1];
  const sm2::cli::DescribedCommand program = described();
  for (const auto& [name, text] : sm2::cli::man_pages(program, SM2_VERSION))
    write(folder / "man1" / (name + ".1"), text);
  write(folder / "bash" / "sm2", sm2::cli::bash_completion(program));
  write(folder / "zsh" / "_sm2", sm2::cli::zsh_completion(program));
  write(folder / "fish" / "sm2.fish", sm2::cli::fish_completion(program));
}
