#include "cli/whole_file.h"

#include <filesystem>
#include <fstream>

namespace sm2::cli {

base::Result<> write_whole(const std::string& path, std::string_view text, std::string_view option) {
  std::error_code error;
  const bool replace = !std::filesystem::exists(path, error) || std::filesystem::is_regular_file(path, error);
  const std::string target = replace ? path + ".new" : path;
  std::ofstream file(target, std::ios::binary);
  if (!(file && file << text << std::flush)) {
    file.close();
    if (replace) std::filesystem::remove(target, error);
    return base::fail("{}: cannot be written; choose another place with {}", path, option);
  }
  file.close();
  if (replace) std::filesystem::rename(target, path, error);
  if (error) return base::fail("{}: {}", path, error.message());
  return {};
}

}  // namespace sm2::cli
