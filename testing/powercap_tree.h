// A /sys with RAPL counters, in a temporary folder that goes with the object.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace sm2::testing {

class PowercapTree {
 public:
  static constexpr std::uint64_t kRange =
      262'143'328'850;  // 2^32 - 1 steps of 61 uJ, as Intel servers have it

  PowercapTree() {
    std::string name = std::filesystem::temp_directory_path() / "sm2-powercap-XXXXXX";
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    root_ = name;
    std::filesystem::permissions(root_, std::filesystem::perms(0755));
  }
  ~PowercapTree() { std::filesystem::remove_all(root_); }
  PowercapTree(const PowercapTree&) = delete;
  PowercapTree& operator=(const PowercapTree&) = delete;

  const std::filesystem::path& sysfs() const { return root_; }
  std::filesystem::path folder(const std::string& zone) const { return root_ / "class" / "powercap" / zone; }
  std::filesystem::path energy(const std::string& zone) const { return folder(zone) / "energy_uj"; }

  void add(const std::string& zone, const std::string& name, std::uint64_t energy_uj,
           std::uint64_t range = kRange) {
    std::filesystem::create_directories(folder(zone));
    write(folder(zone) / "name", name);
    write(folder(zone) / "max_energy_range_uj", std::to_string(range));
    set(zone, energy_uj);
  }
  void set(const std::string& zone, std::uint64_t energy_uj) {
    write(energy(zone), std::to_string(energy_uj));
  }

  static void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file) << text << '\n';
  }

 private:
  std::filesystem::path root_;
};

}  // namespace sm2::testing
