#include "cli/man_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sm2::cli {
namespace {

// Text that no line of groff takes for a request, with hyphens that can be copied into a shell.
std::string escaped(std::string_view text) {
  std::string safe;
  if (!text.empty() && (text.front() == '.' || text.front() == '\'')) safe = "\\&";
  for (const char letter : text) {
    if (letter == '\\') {
      safe += "\\e";
    } else if (letter == '-') {
      safe += "\\-";
    } else {
      safe += letter == '\n' ? ' ' : letter;
    }
  }
  return safe;
}

// sm2-tune, of "sm2 tune".
std::string page_name(std::string command) {
  std::ranges::replace(command, ' ', '-');
  return command;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

std::string term(const DescribedOption& option) {
  if (option.positional) return italic(option.names.front());
  std::vector<std::string> names;
  for (const std::string& name : option.names) names.push_back(bold(name));
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  return option.value.empty() ? text : text + " " + italic(option.value);
}

std::string options(const DescribedCommand& command) {
  std::string text;
  for (const DescribedOption& option : command.options) {
    text += ".TP\n" + term(option) + "\n" + escaped(option.description) + "\n";
    if (!option.choices.empty())
      text +=
          ".br\n" + fmt::format("One of: {}.\n", escaped(fmt::format("{}", fmt::join(option.choices, ", "))));
    if (!option.preset.empty()) text += ".br\nUnless told otherwise: " + escaped(option.preset) + ".\n";
  }
  return text;
}

std::string synopsis(const DescribedCommand& command) {
  std::string text = ".B " + escaped(command.name) + "\n[\\fIoptions\\fR]\n";
  if (!command.commands.empty()) text += "\\fIcommand\\fR ...\n";
  for (const DescribedOption& option : command.options)
    if (option.positional)
      text += "[" + italic(option.names.front()) + (option.repeated ? " ...]" : "]") + "\n";
  return text;
}

std::string summary(const std::string& description) {
  return escaped(description.substr(0, description.find(". ")));
}

std::string page(const DescribedCommand& command, const std::string& version) {
  std::string name = page_name(command.name);
  std::string upper = name;
  std::ranges::transform(upper, upper.begin(), [](unsigned char letter) { return std::toupper(letter); });
  std::string text =
      fmt::format(".TH \"{}\" 1 \"\" \"sm2 {}\" \"User commands\"\n", escaped(upper), escaped(version));
  text += ".SH NAME\n" + escaped(name) + " \\- " + summary(command.description) + "\n";
  text += ".SH SYNOPSIS\n" + synopsis(command);
  text += ".SH DESCRIPTION\n" + escaped(command.description) + "\n";
  text += ".SH OPTIONS\n" + options(command);
  if (command.commands.empty()) return text + ".SH SEE ALSO\n.BR sm2 (1)\n";
  text += ".SH COMMANDS\n";
  for (const DescribedCommand& each : command.commands)
    text += ".TP\n.BR " + escaped(page_name(each.name)) + " (1)\n" + escaped(each.description) + "\n";
  return text;
}

}  // namespace

std::map<std::string, std::string> man_pages(const DescribedCommand& program, const std::string& version) {
  std::map<std::string, std::string> pages = {{page_name(program.name), page(program, version)}};
  for (const DescribedCommand& command : program.commands)
    pages[page_name(command.name)] = page(command, version);
  return pages;
}

}  // namespace sm2::cli
