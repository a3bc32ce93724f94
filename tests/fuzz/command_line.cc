#include "config/command.h"

#include "base/program_output.h"
#include "report/shell_quote.h"
#include "tests/fuzz/checks.h"

namespace sm2::fuzz {

void command_line(std::string_view input) {
  const std::string text(input);
  if (const auto words = base::split_words(text)) {
    require(base::split_words(report::shell_quote(*words)) == *words, "quoted words are read as they were");
  } else {
    check_error(words.error());
  }
  if (const auto names = config::placeholders(text)) {
    space::Configuration configuration;
    for (const std::string& name : *names) configuration[name] = std::int64_t{1};
    require(config::substitute({text}, configuration).size() == 1, "an argument stays one argument");
    require(names->empty() || config::substitute({text}, {}).empty(),
            "an argument without its value is left out");
  } else {
    check_error(names.error());
  }
}

}  // namespace sm2::fuzz
