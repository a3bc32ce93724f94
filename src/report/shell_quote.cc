#include "report/shell_quote.h"

#include <algorithm>

namespace sm2::report {
namespace {

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
}

std::string quoted(std::string_view argument) {
  std::string text = "'";
  for (const char c : argument) {
    if (c == '\'') {
      text += "'\\''";
    } else {
      text += c;
    }
  }
  return text + "'";
}

}  // namespace

std::string shell_quote(std::string_view argument) {
  // zsh expands a leading '='.
  const bool bare = !argument.empty() && argument[0] != '=' && std::ranges::all_of(argument, plain);
  return bare ? std::string(argument) : quoted(argument);
}

std::vector<std::string> shell_quoted(const std::vector<std::string>& command) {
  std::vector<std::string> words;
  for (const std::string& argument : command) {
    // A first word with '=' in it would be an assignment.
    const bool assignment = words.empty() && argument.find('=') != std::string::npos;
    words.push_back(assignment ? quoted(argument) : shell_quote(argument));
  }
  return words;
}

std::string shell_quote(const std::vector<std::string>& command) {
  std::string line;
  for (const std::string& word : shell_quoted(command)) line += (line.empty() ? "" : " ") + word;
  return line;
}

}  // namespace sm2::report
