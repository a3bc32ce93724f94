// A /sys in a temporary folder that goes with the object.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace sm2::testing {

class SysfsTree {
 public:
  SysfsTree() {
    std::string name = std::filesystem::temp_directory_path() / "sm2-sysfs-XXXXXX";
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    root_ = name;
    std::filesystem::permissions(root_, std::filesystem::perms(0755));
  }
  ~SysfsTree() { std::filesystem::remove_all(root_); }
  SysfsTree(const SysfsTree&) = delete;
  SysfsTree& operator=(const SysfsTree&) = delete;

  const std::filesystem::path& sysfs() const { return root_; }

  static void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text << '\n';
  }
  // Reading it fails with EIO from now on.
  static void break_file(const std::filesystem::path& file) {
    std::filesystem::remove_all(file);
    std::filesystem::create_symlink("/proc/self/mem", file);
  }

 private:
  std::filesystem::path root_;
};

}  // namespace sm2::testing
