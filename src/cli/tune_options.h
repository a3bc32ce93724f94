// What the user asks of `sm2 tune`.
#pragma once

#include <optional>
#include <string>

namespace sm2::cli {

inline constexpr const char* kDefaultStore = "./sm2.db";

struct TuneOptions {
  std::string file;         // or, where there is none, what else the study is from, for people
  bool from_store = false;  // then
  std::string store = kDefaultStore;
  std::string budget;
  std::optional<int> workers;  // one, unless workers elsewhere are asked for
  std::string cluster;
  bool standby = false;
  bool quiet = false;
  bool json = false;

  int places() const { return workers.value_or(cluster.empty() ? 1 : 0); }  // trials at a time, here
};

}  // namespace sm2::cli
