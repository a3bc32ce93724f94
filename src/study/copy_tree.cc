#include "study/copy_tree.h"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/descriptor.h"

namespace sm2::study {
namespace {

namespace fs = std::filesystem;

constexpr off_t kChunk = off_t{16} << 20;

std::error_code failure() { return {errno, std::generic_category()}; }
std::error_code failure(std::errc code) { return std::make_error_code(code); }

// Where the kernel cannot copy between these files.
std::error_code copy_by_hand(int from, int to, off_t at, off_t end) {
  std::array<char, 1 << 16> bytes;
  while (at < end) {
    const auto wanted = std::min<std::size_t>(bytes.size(), static_cast<std::size_t>(end - at));
    const ssize_t read = ::pread(from, bytes.data(), wanted, at);
    if (read < 0) return failure();
    if (read == 0) return {};  // it has become shorter
    for (ssize_t written = 0; written < read;) {
      const auto left = static_cast<std::size_t>(read - written);
      const ssize_t now = ::pwrite(to, bytes.data() + written, left, at + written);
      if (now < 0) return failure();
      written += now;
    }
    at += read;
  }
  return {};
}

std::error_code copy_chunk(int from, int to, off_t at, off_t end) {
  while (at < end) {
    loff_t read_at = at, write_at = at;
    const ssize_t copied =
        ::copy_file_range(from, &read_at, to, &write_at, static_cast<std::size_t>(end - at), 0);
    const bool cannot = copied < 0 && (errno == EXDEV || errno == EINVAL || errno == ENOSYS ||
                                       errno == EOPNOTSUPP || errno == EPERM);
    if (cannot || copied == 0) return copy_by_hand(from, to, at, end);
    if (copied < 0) return failure();
    at += copied;
  }
  return {};
}

std::error_code copy_range(int from, int to, off_t at, off_t end, const std::function<bool()>& ended) {
  for (; at < end; at += kChunk) {
    if (ended()) return failure(std::errc::interrupted);
    if (const auto error = copy_chunk(from, to, at, std::min(end, at + kChunk))) return error;
  }
  return {};
}

std::error_code copy_data(int from, int to, off_t size, const std::function<bool()>& ended) {
  if (::ioctl(to, FICLONE, from) == 0) return {};
  if (::ftruncate(to, size) != 0) return failure();
  for (off_t at = 0; at < size;) {
    const off_t data = ::lseek(from, at, SEEK_DATA);
    if (data < 0 && errno == ENXIO) return {};                   // a hole up to the end
    if (data < 0) return copy_range(from, to, at, size, ended);  // nobody knows of holes here
    const off_t hole = ::lseek(from, data, SEEK_HOLE);
    if (hole < 0) return failure();
    if (const auto error = copy_range(from, to, data, std::min(hole, size), ended)) return error;
    at = hole;
  }
  return {};
}

std::error_code copy_file(const fs::path& from, const fs::path& to, const std::function<bool()>& ended) {
  const base::Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!source) return failure();
  struct stat status{};
  if (::fstat(source.get(), &status) != 0) return failure();
  if (!S_ISREG(status.st_mode)) return failure(std::errc::not_supported);
  const base::Descriptor copy(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!copy) return failure();
  if (const auto error = copy_data(source.get(), copy.get(), status.st_size, ended)) return error;
  return ::fchmod(copy.get(), status.st_mode & 0777) == 0 ? std::error_code() : failure();
}

std::error_code copy_folder(const fs::path& from, const fs::path& to, const std::function<bool()>& ended) {
  std::error_code error;
  fs::create_directory(to, error);
  for (auto at = fs::directory_iterator(from, error); !error && at != fs::end(at); at.increment(error)) {
    if (const auto failed = copy_tree(at->path(), to / at->path().filename(), ended)) return failed;
  }
  if (error) return error;
  const fs::perms perms = fs::status(from, error).permissions();
  if (!error) fs::permissions(to, perms, error);
  return error;
}

}  // namespace

std::error_code copy_tree(const fs::path& from, const fs::path& to, const std::function<bool()>& ended) {
  if (ended()) return failure(std::errc::interrupted);
  std::error_code error;
  const fs::file_status status = fs::symlink_status(from, error);
  if (error) return error;
  if (fs::is_directory(status)) return copy_folder(from, to, ended);
  if (!fs::is_symlink(status)) return copy_file(from, to, ended);
  fs::copy_symlink(from, to, error);
  return error;
}

}  // namespace sm2::study
