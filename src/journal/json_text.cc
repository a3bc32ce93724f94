#include "journal/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "journal/json_number.h"

namespace sm2::journal {
namespace {

bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

}  // namespace

void JsonText::put_json(std::string_view key, std::string_view json) {
  begin(key);
  text_ += json;
}

void JsonText::begin(std::string_view key) {
  separate();
  write(key);
  text_ += ':';
}

void JsonText::separate() {
  if (text_.back() != '{' && text_.back() != '[') text_ += ',';
}

void JsonText::write(double value) {
  if (!std::isfinite(value)) return write(std::string_view(number(value).get_ref<const std::string&>()));
  const std::size_t begun = text_.size();
  fmt::format_to(std::back_inserter(text_), "{}", value);
  if (text_.find_first_of(".e", begun) == std::string::npos)
    text_ += ".0";  // also as JSON it is no whole number
}

void JsonText::write(std::string_view text) {
  if (!std::ranges::all_of(text, is_plain)) {
    using nlohmann::json;
    text_ += json(text).dump(-1, ' ', false, json::error_handler_t::replace);
    return;
  }
  text_ += '"';
  text_ += text;
  text_ += '"';
}

}  // namespace sm2::journal
