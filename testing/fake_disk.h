// The checkpoints of fake programs, by path: all that is left of a program when its tuner dies. As docs/protocol.md allows, a
// program keeps only the last two that it saved.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "base/result.h"

namespace sm2::testing {

struct FakeCheckpoint {
  double position = 0;
  bool evaluated =
      true;  // false: saved before the evaluation at its position, which a program that resumes makes up for
};

class FakeDisk {
 public:
  void save(const std::filesystem::path& path, FakeCheckpoint checkpoint) {
    std::vector<std::filesystem::path>& saved = saved_[path.parent_path()];
    std::erase(saved, path);
    saved.push_back(path);
    files_[path] = checkpoint;
    if (saved.size() <= kKept) return;
    files_.erase(saved.front());
    saved.erase(saved.begin());
  }

  // A program counts from the checkpoint that it resumes from: that is now its newest.
  std::optional<FakeCheckpoint> load(const std::filesystem::path& path) {
    const auto found = files_.find(path);
    if (found == files_.end()) return {};
    std::vector<std::filesystem::path>& saved = saved_[path.parent_path()];
    std::erase(saved, path);
    saved.push_back(path);
    return found->second;
  }

  base::Result<> copy(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (files_.contains(to)) return {};
    const auto found = files_.find(from);
    if (found == files_.end()) return base::fail("there is no '{}'", from.string());
    files_[to] = found->second;
    return {};
  }

  void lose_everything() { files_.clear(); }

 private:
  static constexpr std::size_t kKept = 2;

  std::map<std::filesystem::path, FakeCheckpoint> files_;
  std::map<std::filesystem::path, std::vector<std::filesystem::path>> saved_;  // by folder, the newest last
};

}  // namespace sm2::testing
