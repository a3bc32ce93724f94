#include "config/study_file.h"

#include "base/random.h"
#include "config/command.h"
#include "tests/fuzz/checks.h"

namespace sm2::fuzz {

void study_file(std::string_view input) {
  const auto spec = config::parse_study(std::string(input), "study.toml");
  if (!spec) return check_error_in(spec.error(), "study.toml", input);
  const auto again = config::parse_study(spec->text, "study.toml");
  require(again && !config::difference(*spec, *again), "a study reads the same twice");
  require(!has_controls(spec->name), "a study's name can be shown");
  config::grid_command(spec->energy.grid.value_or(""));
  base::Random random(1);
  for (int draw = 0; draw < 3; ++draw) {
    const auto configuration = spec->space.sample(random);
    require(spec->space.contains(configuration), "a space holds what is drawn from it");
    for (const std::string& argument : config::substitute(spec->command, configuration))
      require(argument.find('\0') == std::string::npos, "a program can be given every argument");
  }
}

}  // namespace sm2::fuzz
