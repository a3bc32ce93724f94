#include "cli/described.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace sm2::cli {
namespace {

// CLI11 shows a choice in the type of the value: "TEXT:{csv,json}".
std::vector<std::string> choices_of(const std::string& type) {
  const std::size_t open = type.find(":{"), close = type.rfind('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  return CLI::detail::split(type.substr(open + 2, close - open - 2), ',');
}

DescribedOption describe_option(const CLI::Option& option) {
  DescribedOption described;
  described.positional =
      option.get_positional() && option.get_snames().empty() && option.get_lnames().empty();
  for (const std::string& name : option.get_snames()) described.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) described.names.push_back("--" + name);
  if (described.positional) described.names = {option.get_name(true)};
  const std::string type = option.get_type_name();
  described.choices = choices_of(type);
  if (option.get_items_expected_max() > 0) described.value = type.substr(0, type.find(":{"));
  if (described.positional) described.value.clear();
  described.description = option.get_description();
  described.preset = option.get_default_str();
  described.repeated = option.get_items_expected_max() > 1;
  return described;
}

}  // namespace

DescribedCommand describe(const CLI::App& app, const std::string& name) {
  DescribedCommand described{name, app.get_description(), {}, {}};
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; }))
    if (!option->get_group().empty()) described.options.push_back(describe_option(*option));
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    described.commands.push_back(describe(*command, name + " " + command->get_name()));
  return described;
}

}  // namespace sm2::cli
