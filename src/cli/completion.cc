#include "cli/completion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sm2::cli {
namespace {

using Words = std::vector<std::string>;

std::string last_word(const std::string& name) { return name.substr(name.rfind(' ') + 1); }

Words commands_of(const DescribedCommand& program) {
  Words words;
  for (const DescribedCommand& command : program.commands) words.push_back(last_word(command.name));
  return words;
}

Words options_of(const DescribedCommand& command) {
  Words words;
  for (const DescribedOption& option : command.options)
    if (!option.positional) words.insert(words.end(), option.names.begin(), option.names.end());
  return words;
}

std::string joined(const Words& words, const char* between = " ") {
  return fmt::format("{}", fmt::join(words, between));
}

// The first sentence, or what stands before a colon's list, without what the shell would read.
std::string brief(const std::string& description) {
  std::string text = description.substr(0, description.find_first_of(";\n"));
  std::string safe;
  for (const char letter : text)
    if (std::string_view("'\"\\`$[]:").find(letter) == std::string_view::npos) safe += letter;
  return safe;
}

std::string bash_cases(const DescribedCommand& command, const std::string& word) {
  std::string text;
  for (const DescribedOption& option : command.options) {
    if (option.positional || option.value.empty()) continue;
    Words patterns;
    for (const std::string& name : option.names) patterns.push_back(word + ":" + name);
    text += fmt::format("    {}) COMPREPLY=($(compgen -W '{}' -- \"$cur\")); return ;;\n",
                        joined(patterns, "|"), joined(option.choices));
  }
  return text;
}

}  // namespace

// Without a reply readline completes files.
std::string bash_completion(const DescribedCommand& program) {
  std::string values, options;
  for (const DescribedCommand& command : program.commands) {
    const std::string word = last_word(command.name);
    values += bash_cases(command, word);
    options += fmt::format("      {}) words='{}' ;;\n", word, joined(options_of(command)));
  }
  return fmt::format(
      R"(# bash completion for {0}
_{0}() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} command= word words
  if [ "$cur" = = ]; then cur=; elif [ "$prev" = = ]; then prev=${{COMP_WORDS[COMP_CWORD-2]}}; fi
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case $word in {1}) command=$word; break ;; esac
  done
  COMPREPLY=()
  case $command:$prev in
{2}  esac
  if [ -z "$command" ]; then
    words='{3} {4}'
  elif [ "${{cur:0:1}}" = - ]; then
    case $command in
{5}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}}
complete -o default -F _{0} {0}
)",
      program.name, joined(commands_of(program), "|"), values, joined(commands_of(program)),
      joined(options_of(program)), options);
}

namespace {

// One of _arguments' specifications.
std::string zsh_argument(const DescribedOption& option) {
  const std::string values = option.choices.empty() ? "_files" : "(" + joined(option.choices) + ")";
  if (option.positional)
    return fmt::format("'{}:{}:{}'", option.repeated ? "*" : "", option.names.front(), values);
  const std::string description = brief(option.description);
  const std::string value = option.value.empty() ? "" : fmt::format(":value:{}", values);
  if (option.names.size() == 1)
    return fmt::format("'{}{}[{}]{}'", option.repeated ? "*" : "", option.names.front(), description, value);
  return fmt::format("{}{{{}}}'[{}]{}'",
                     option.repeated ? "'*'" : fmt::format("'({})'", joined(option.names)),
                     joined(option.names, ","), description, value);
}

std::string zsh_arguments(const DescribedCommand& command) {
  Words arguments;
  for (const DescribedOption& option : command.options) arguments.push_back(zsh_argument(option));
  return joined(arguments, " \\\n        ");
}

}  // namespace

std::string zsh_completion(const DescribedCommand& program) {
  std::string commands, cases;
  for (const DescribedCommand& command : program.commands) {
    const std::string word = last_word(command.name);
    commands += fmt::format("        '{}:{}'\n", word, brief(command.description));
    cases += fmt::format("        {}) _arguments \\\n        {} ;;\n", word, zsh_arguments(command));
  }
  return fmt::format(
      R"(#compdef {0}
_{0}() {{
  local state line
  typeset -A opt_args
  _arguments -C {1} '1: :->command' '*:: :->arguments'
  case $state in
    command)
      local -a commands
      commands=(
{2}      )
      _describe command commands ;;
    arguments)
      case $words[1] in
{3}      esac ;;
  esac
}}
_{0} "$@"
)",
      program.name, zsh_arguments(program), commands, cases);
}

std::string fish_completion(const DescribedCommand& program) {
  const std::string words = joined(commands_of(program));
  std::string text = fmt::format("# fish completion for {0}\n", program.name);
  const auto add = [&](const std::string& where, const DescribedOption& option) {
    if (option.positional) return;
    text += fmt::format("complete -c {} -n '{}'", program.name, where);
    for (const std::string& name : option.names)
      text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (!option.value.empty())
      text += option.choices.empty() ? " -r" : fmt::format(" -x -a '{}'", joined(option.choices));
    text += fmt::format(" -d '{}'\n", brief(option.description));
  };
  const std::string none = fmt::format("not __fish_seen_subcommand_from {}", words);
  for (const DescribedOption& option : program.options) add(none, option);
  for (const DescribedCommand& command : program.commands) {
    const std::string word = last_word(command.name);
    text += fmt::format("complete -c {} -f -n '{}' -a {} -d '{}'\n", program.name, none, word,
                        brief(command.description));
    for (const DescribedOption& option : command.options) add("__fish_seen_subcommand_from " + word, option);
  }
  return text;
}

}  // namespace sm2::cli
