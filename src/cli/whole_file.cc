#include "cli/whole_file.h"

#include <filesystem>
#include <fstream>

namespace sm2::cli {

namespace {

bool holds_a_database(const std::string& path) {
  constexpr std::string_view kBegins = "SQLite format 3";
  std::string begins(kBegins.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  return file.read(begins.data(), static_cast<std::streamsize>(begins.size())) && begins == kBegins;
}

}  // namespace

base::Result<> write_whole(const std::string& path, std::string_view text, std::string_view option) {
  std::error_code error;
  const bool replace = !std::filesystem::exists(path, error) || std::filesystem::is_regular_file(path, error);
  if (replace && holds_a_database(path))
    return base::fail("{}: it is a store, which is not overwritten; choose another place with {}", path,
                      option);
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
