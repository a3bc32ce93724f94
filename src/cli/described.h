// A command line as plain data, taken from the CLI11 application: what manual pages and completions are made of.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace sm2::cli {

struct DescribedOption {
  std::vector<std::string>
      names;          // "-o", "--output"; of a positional argument the one it is shown by, "STUDY"
  std::string value;  // what follows it, "PATH"; empty: nothing
  std::string description;
  std::string preset;                // what it is unless told otherwise; empty: nothing
  std::vector<std::string> choices;  // that it has to be one of; empty: anything
  bool positional = false;
  bool repeated = false;
};

struct DescribedCommand {
  std::string name;  // "sm2", "sm2 tune"
  std::string description;
  std::vector<DescribedOption> options;
  std::vector<DescribedCommand> commands;
};

DescribedCommand describe(const CLI::App& app, const std::string& name);

}  // namespace sm2::cli
