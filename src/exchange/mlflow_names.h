// Names of metrics as MLflow takes them: letters, digits, _ - . and blanks. They become names of files, so that nothing in them may
// lead anywhere: other characters become _, and so does a dot at the beginning. Two names that would become one are told apart by a
// number.
#pragma once

#include <map>
#include <set>
#include <string>

namespace sm2::exchange {

class MlflowNames {
 public:
  const std::string& of(const std::string& name);

 private:
  std::map<std::string, std::string> known_;
  std::set<std::string> taken_;
};

}  // namespace sm2::exchange
