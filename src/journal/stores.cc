#include "journal/stores.h"

#include "journal/backup.h"
#include "journal/postgres.h"
#include "journal/store_name.h"

namespace sm2::journal {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

std::filesystem::path sqlite_path(std::string_view url) {
  if (url.starts_with(kSqlite)) url.remove_prefix(kSqlite.size());
  // SQLite takes an empty name and ":memory:" for no file at all: a study would be gone at its end.
  if (url.empty() || url.front() == ':') return std::filesystem::path("./" + std::string(url));
  return std::filesystem::path(url);
}

std::filesystem::path beside_file(std::filesystem::path file) { return file.replace_extension(".trials"); }

bool is_postgres(std::string_view url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

base::Result<> known(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos || is_postgres(url)) return {};
  return base::fail(
      "store {}://...: studies are kept in SQLite or PostgreSQL; give a path or postgresql://HOST/DATABASE",
      url.substr(0, scheme));
}

// By way of the journals, into a file.
base::Result<> back_up_postgres(std::string_view url, const std::filesystem::path& destination) {
  const auto from = open_postgres(url, Access::kRead);
  if (!from) return tl::unexpected(from.error());
  const auto folder = TemporaryFolder::make();
  if (!folder) return tl::unexpected(folder.error());
  const std::filesystem::path file = folder->path() / "store.db";
  const auto to = open_sqlite(file, Access::kWrite);
  if (!to) return tl::unexpected(to.error());
  if (auto copied = copy_studies(**from, **to); !copied) return copied;
  return back_up_sqlite(file, destination);
}

}  // namespace

std::string shown_store(std::string_view url) {
  return is_postgres(url) ? shown_postgres(url) : std::string(url);
}

base::Result<std::unique_ptr<Store>> open_store(std::string_view url, Access access) {
  if (auto fits = known(url); !fits) return tl::unexpected(fits.error());
  return is_postgres(url) ? open_postgres(url, access) : open_sqlite(sqlite_path(url), access);
}

base::Result<> find_store(std::string_view url) {
  if (auto fits = known(url); !fits) return fits;
  if (is_postgres(url)) return find_postgres(url);
  if (std::error_code error; std::filesystem::exists(sqlite_path(url), error)) return {};
  return base::fail("store {}: there is no such file", url);
}

base::Result<> back_up_store(std::string_view url, const std::filesystem::path& destination) {
  if (auto fits = known(url); !fits) return fits;
  return is_postgres(url) ? back_up_postgres(url, destination)
                          : back_up_sqlite(sqlite_path(url), destination);
}

base::Result<std::vector<std::string>> damage_of_store(std::string_view url) {
  if (auto fits = known(url); !fits) return tl::unexpected(fits.error());
  return is_postgres(url) ? damage_of_postgres(url) : damage_of_sqlite(sqlite_path(url));
}

std::string_view help_with_damage(std::string_view url) {
  if (is_postgres(url)) {
    return "What its server has confirmed may be lost when it loses power or its database was restored. "
           "A copy made by sm2 backup, an SQLite file, can be gone on with in its place";
  }
  return "Part of what it holds may be lost. A copy made by sm2 backup can take its place; without "
         "one, sqlite3 FILE .recover may save something";
}

std::filesystem::path trials_folder(std::string_view url, std::string_view study) {
  if (is_postgres(url)) return trials_of_postgres(url) / study;
  const std::filesystem::path file = sqlite_path(url), beside = beside_file(file) / study;
  std::error_code error;
  if (!std::filesystem::is_symlink(file, error) || std::filesystem::exists(beside, error)) return beside;
  const auto real = std::filesystem::canonical(file, error);
  return error ? beside : beside_file(real) / study;
}

std::string store_name(std::string_view url) {
  if (is_postgres(url)) return shown_postgres(url);
  std::error_code error;
  const auto real = std::filesystem::canonical(sqlite_path(url), error);
  return (error ? sqlite_path(url) : real).filename().string();
}

}  // namespace sm2::journal
