#include "dashboard/secret.h"

#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/descriptor.h"

namespace sm2::dashboard {
namespace {

namespace fs = std::filesystem;

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

base::Result<std::string> read_token(const fs::path& file, const base::Descriptor& opened) {
  struct stat status{};
  if (::fstat(opened.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return base::fail("token file {}: it is no plain file", file.string());
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return base::fail("token file {}: others may use it; chmod 600 it, or name one that is not there yet",
                      file.string());
  std::string token(kLongestToken + 2, '\0');
  const ssize_t got = ::read(opened.get(), token.data(), token.size());
  token.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (token.ends_with('\n')) token.pop_back();
  if (token.size() < kShortestToken || token.size() > kLongestToken || !std::ranges::all_of(token, letter))
    return base::fail(
        "token file {}: a token is one line of {} to {} letters, digits, '-' and '_'; name a file that is "
        "not "
        "there yet, and one is made",
        file.string(), kShortestToken, kLongestToken);
  return token;
}

base::Result<std::string> make_token(const fs::path& file) {
  const base::Descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!made) return base::fail("token file {}: cannot be made: {}", file.string(), ::strerror(errno));
  std::string token = random_text();
  const std::string line = token + "\n";
  if (::write(made.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()) ||
      ::fsync(made.get()) != 0)
    return base::fail("token file {}: cannot be written: {}", file.string(), ::strerror(errno));
  return token;
}

}  // namespace

std::string random_text() {
  std::array<unsigned char, 32> bytes{};
  if (::getentropy(bytes.data(), bytes.size()) != 0)
    throw std::system_error(errno, std::generic_category(), "getentropy");
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

bool same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  volatile unsigned char difference = 0;
  for (std::size_t at = 0; at < a.size(); ++at)
    difference = static_cast<unsigned char>(difference | (a[at] ^ b[at]));
  return difference == 0;
}

base::Result<std::string> read_or_make_token(const fs::path& file) {
  const base::Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (opened) return read_token(file, opened);
  if (errno == ENOENT) return make_token(file);
  return base::fail("token file {}: cannot be read: {}", file.string(), ::strerror(errno));
}

}  // namespace sm2::dashboard
