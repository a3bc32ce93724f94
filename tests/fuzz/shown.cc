#include <algorithm>

#include "base/program_output.h"
#include "report/csv_field.h"
#include "report/html/escape.h"
#include "report/shell_quote.h"
#include "tests/fuzz/checks.h"
#include "workload/csv.h"

namespace sm2::fuzz {

void shown(std::string_view input) {
  const std::string text = report::printable(input);
  require(!has_controls(text), "printable text moves no cursor");
  require(report::printable(text) == text, "printable text stays as it is");
  require(report::columns(report::shorten(text, 20)) <= 20, "a cut text has the width that was asked for");
  require(!has_controls(report::printable_message(input)), "a message is one line");
  require(report::html::escape(input).find_first_of("<>\"'") == std::string::npos,
          "escaped text holds no markup");
  const std::string word(input);
  require(base::split_words(report::shell_quote(word)) == std::vector{word}, "a quoted word is one word");
  const auto csv = workload::Csv::parse("a,b\r\n" + report::csv_field(input) + ",1\r\n", "a.csv");
  require(csv && csv->rows().size() == 1, "a field is one field");
  if (std::ranges::none_of(input, [](char c) { return c == '\t' || c == '\r'; }))
    require(csv->rows()[0].fields[0] == input, "a field is read as it was written");
}

}  // namespace sm2::fuzz
