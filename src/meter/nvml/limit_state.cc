#include "meter/nvml/limit_state.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/private_folder.h"

namespace sm2::meter::nvml {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongest = 4096;  // bytes of a state file
constexpr std::uint64_t kHighestMilliwatts = 100'000'000;
constexpr int kTries = 100;  // against owners that come and go meanwhile
constexpr int kBetweenUs = 10'000;

base::Result<> fail_about(const char* what, const fs::path& path) {
  return base::fail("cannot {} {}: {}", what, path.string(), ::strerror(errno));
}

base::Result<> check_folder(const fs::path& folder) {
  struct stat status{};
  if (::lstat(folder.c_str(), &status) != 0) return fail_about("look at", folder);
  if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 022) != 0)
    return base::fail("{} must be a folder of yours that nobody else may write to", folder.string());
  return {};
}

base::Result<> make_folder(const fs::path& folder) {
  if (const auto failed = base::make_private_folders(folder))
    return base::fail("cannot make the folder {}: {}", folder.string(), failed.message());
  return check_folder(folder);
}

bool same_file(int descriptor, const fs::path& path) {
  struct stat open{}, named{};
  return ::fstat(descriptor, &open) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

base::Result<> flush_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool flushed = descriptor >= 0 && ::fsync(descriptor) == 0;
  const auto result = flushed ? base::Result<>() : fail_about("flush", folder);
  if (descriptor >= 0) ::close(descriptor);
  return result;
}

// 0 where it is no limit of a GPU.
unsigned milliwatts(const nlohmann::json& value) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kHighestMilliwatts) return 0;
  return value.get<unsigned>();
}

// Nothing where it cannot be read.
std::optional<std::string> contents(int descriptor) {
  std::string text(kLongest, '\0');
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  if (size < 0) return {};
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// Of the owner that wrote it, whoever has its lock.
bool owner_is_gone(int descriptor) {
  const auto json = nlohmann::json::parse(contents(descriptor).value_or(""), nullptr, false);
  if (!json.is_object() || !json.contains("pid") || !json["pid"].is_number_integer()) return false;
  const auto pid = json["pid"].get<pid_t>();
  return pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH;
}

bool write_all(int descriptor, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = ::write(descriptor, text.data() + done, text.size() - done);
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  return ::fsync(descriptor) == 0;
}

}  // namespace

base::Result<fs::path> LimitFile::path(const fs::path& folder, const std::string& uuid) {
  if (uuid.empty() || uuid.front() == '.' || uuid.find('/') != std::string::npos)
    return base::fail("'{}' is no UUID of a GPU", uuid);
  return folder / (uuid + ".json");
}

base::Result<std::optional<LimitFile>> LimitFile::open(const fs::path& path, Missing missing) {
  const fs::path folder = path.parent_path();
  const auto ready = missing == Missing::kMake ? make_folder(folder) : check_folder(folder);
  if (!ready) return tl::unexpected(ready.error());
  const int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | (missing == Missing::kMake ? O_CREAT : 0);
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const int descriptor = ::open(path.c_str(), flags, 0600);
    if (descriptor < 0) return tl::unexpected(fail_about("open", path).error());
    LimitFile file(path, descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      if (!owner_is_gone(descriptor)) return std::nullopt;
      ::usleep(kBetweenUs);
      continue;
    }
    // Its owner may have replaced or removed it before the lock was free.
    if (same_file(descriptor, path)) return file;
  }
  return std::nullopt;
}

LimitFile::LimitFile(fs::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

LimitFile::LimitFile(LimitFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

LimitFile& LimitFile::operator=(LimitFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

LimitFile::~LimitFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

base::Result<std::optional<LimitState>> LimitFile::read() const {
  const auto text = contents(descriptor_);
  if (!text) return tl::unexpected(fail_about("read", path_).error());
  if (text->empty()) return std::nullopt;
  try {
    const auto json = nlohmann::json::parse(*text);
    LimitState state{json.at("uuid").get<std::string>(), milliwatts(json.at("previous_mw")),
                     milliwatts(json.at("set_mw"))};
    if (path_.stem() == state.uuid && state.previous_mw > 0 && state.set_mw > 0) return state;
  } catch (const nlohmann::json::exception&) {
  }
  return base::fail("{} is damaged", path_.string());
}

base::Result<> LimitFile::write(const LimitState& state) {
  const nlohmann::json json = {{"uuid", state.uuid},
                               {"previous_mw", state.previous_mw},
                               {"set_mw", state.set_mw},
                               {"pid", ::getpid()}};
  const fs::path fresh = path_.string() + ".new";
  ::unlink(fresh.c_str());
  const int descriptor = ::open(fresh.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return fail_about("make", fresh);
  LimitFile replacement(path_, descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) return fail_about("lock", fresh);
  if (!write_all(descriptor, json.dump() + "\n") || ::rename(fresh.c_str(), path_.c_str()) != 0) {
    const auto failed = fail_about("write", fresh);
    ::unlink(fresh.c_str());
    return failed;
  }
  *this = std::move(replacement);
  return flush_folder(path_.parent_path());
}

void LimitFile::remove() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());
  (void)flush_folder(path_.parent_path());
  ::close(std::exchange(descriptor_, -1));
}

}  // namespace sm2::meter::nvml
