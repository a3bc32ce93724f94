#include "runner/process_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>

namespace sm2::runner {
namespace {

// "/proc/1234/stat", built without allocating.
class Path {
 public:
  Path& text(const char* part) {
    while (*part) bytes_[size_++] = *part++;
    bytes_[size_] = '\0';
    return *this;
  }
  Path& number(pid_t number) {
    char digits[16];
    int count = 0;
    for (auto rest = static_cast<unsigned>(number); count == 0 || rest > 0; rest /= 10) {
      digits[count++] = static_cast<char>('0' + rest % 10);
    }
    while (count > 0) bytes_[size_++] = digits[--count];
    bytes_[size_] = '\0';
    return *this;
  }
  const char* get() const { return bytes_; }

 private:
  char bytes_[80] = {};
  std::size_t size_ = 0;
};

// The number at the start of `text`, which is moved behind it; 0 where there is none.
std::uint64_t take_number(const char*& text) {
  std::uint64_t number = 0;
  for (; *text >= '0' && *text <= '9'; ++text) number = number * 10 + static_cast<std::uint64_t>(*text - '0');
  return number;
}

const char* skip_fields(const char* text, int fields) {
  for (; fields > 0 && *text; ++text) fields -= *text == ' ';
  return text;
}

// Calls visit(number) for every entry of the folder whose name is a number. False when it cannot be opened.
template <class Visit>
bool for_each_number(const char* folder, Visit visit) {
  const int fd = ::open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  alignas(dirent64) char entries[8192];
  for (ssize_t got; (got = ::getdents64(fd, entries, sizeof entries)) > 0;) {
    for (ssize_t at = 0; at < got;) {
      const auto* entry = reinterpret_cast<const dirent64*>(entries + at);
      const char* name = entry->d_name;
      if (const auto number = take_number(name); number > 0 && *name == '\0')
        visit(static_cast<pid_t>(number));
      at += entry->d_reclen;
    }
  }
  ::close(fd);
  return true;
}

// Calls visit(pid) for every child of one thread. False when the kernel does not list them.
template <class Visit>
bool for_each_child_of_thread(pid_t pid, pid_t thread, Visit visit) {
  const Path path = Path().text("/proc/").number(pid).text("/task/").number(thread).text("/children");
  const int fd = ::open(path.get(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  char bytes[4096];
  pid_t child = 0;
  for (ssize_t got; (got = ::read(fd, bytes, sizeof bytes)) > 0;) {
    for (ssize_t at = 0; at < got; ++at) {
      if (bytes[at] != ' ') {
        child = child * 10 + (bytes[at] - '0');
      } else if (child > 0) {
        visit(child);
        child = 0;
      }
    }
  }
  ::close(fd);
  return true;
}

std::span<Process> by_children_files(pid_t root, std::span<Process> space) {
  std::size_t found = 0;
  const auto add = [&](pid_t child) {
    if (found < space.size() && read_process(child, space[found])) ++found;
  };
  const auto add_children_of = [&](pid_t pid) {
    for_each_number(Path().text("/proc/").number(pid).text("/task").get(),
                    [&](pid_t thread) { for_each_child_of_thread(pid, thread, add); });
  };
  add_children_of(root);
  for (std::size_t at = 0; at < found; ++at) add_children_of(space[at].pid);
  return space.first(found);
}

std::span<Process> by_parents(pid_t root, std::span<Process> space) {
  std::size_t all = 0;
  for_each_number("/proc", [&](pid_t pid) {
    if (all < space.size() && read_process(pid, space[all])) ++all;
  });
  std::size_t found = 0;  // space[0, found) are descendants, the rest is not known to be
  const auto is_descendant = [&](const Process& process) {
    return process.parent == root ||
           std::any_of(space.begin(), space.begin() + found,
                       [&](const auto& other) { return other.pid == process.parent; });
  };
  for (bool grown = true; grown;) {
    grown = false;
    for (std::size_t at = found; at < all; ++at) {
      if (!is_descendant(space[at])) continue;
      std::swap(space[at], space[found++]);
      grown = true;
    }
  }
  return space.first(found);
}

}  // namespace

bool read_process(pid_t pid, Process& into) {
  const int fd = ::open(Path().text("/proc/").number(pid).text("/stat").get(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  char bytes[1024];
  const ssize_t got = ::read(fd, bytes, sizeof bytes - 1);
  ::close(fd);
  if (got <= 0) return false;
  bytes[got] = '\0';
  const char* field = ::strrchr(bytes, ')');  // the name before it may hold anything
  if (!field || field[1] != ' ') return false;
  field += 2;
  into.pid = pid;
  into.zombie = *field == 'Z' || *field == 'X';
  field = skip_fields(field, 1);
  into.parent = static_cast<pid_t>(take_number(field));
  field = skip_fields(field, 2);
  into.session = static_cast<pid_t>(take_number(field));
  field = skip_fields(field, 8);  // to utime, the 14th field of proc(5)
  std::uint64_t ticks[4];
  for (auto& count : ticks) {
    count = take_number(field);
    field = skip_fields(field, 1);
  }
  into.own_ticks = ticks[0] + ticks[1];
  into.reaped_ticks = ticks[2] + ticks[3];
  return true;
}

std::span<Process> descendants(pid_t root, std::span<Process> space) {
  const bool listed = for_each_child_of_thread(::getpid(), ::getpid(), [](pid_t) {});
  return listed ? by_children_files(root, space) : by_parents(root, space);
}

}  // namespace sm2::runner
