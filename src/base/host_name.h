// This machine's name, for people and for telling machines apart.
#pragma once

#include <unistd.h>

#include <string>

namespace sm2::base {

inline std::string host_name() {
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace sm2::base
