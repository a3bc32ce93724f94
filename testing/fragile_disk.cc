#include "testing/fragile_disk.h"

#include <algorithm>
#include <cstring>

namespace sm2::testing {
namespace {

constexpr std::size_t kSector = 512;

}  // namespace

struct FragileDisk::Handle : sqlite3_file {
  FragileDisk* disk;
  File* file;
  int session;
};

int FragileDisk::session(const Handle& handle) { return handle.session; }

// What SQLite calls.
struct FragileDisk::Methods {
  static Handle& handle(sqlite3_file* file) { return *static_cast<Handle*>(file); }
  static FragileDisk& disk(sqlite3_vfs* vfs) { return *static_cast<FragileDisk*>(vfs->pAppData); }

  static int close(sqlite3_file*) { return SQLITE_OK; }
  static int read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
    const Handle& at = handle(file);
    if (!at.disk->works(at)) return SQLITE_IOERR_READ;
    const std::string& bytes = at.file->bytes;
    const auto begin = std::min(static_cast<std::size_t>(offset), bytes.size());
    const auto there = std::min(static_cast<std::size_t>(count), bytes.size() - begin);
    std::memcpy(to, bytes.data() + begin, there);
    std::memset(static_cast<char*>(to) + there, 0, static_cast<std::size_t>(count) - there);
    return there < static_cast<std::size_t>(count) ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
  }
  static int change(sqlite3_file* file, Change change) {
    const Handle& at = handle(file);
    at.file->changes.push_back(std::move(change));
    apply(at.file->bytes, at.file->changes.back());
    return at.disk->operate(at) ? SQLITE_OK : SQLITE_IOERR_WRITE;
  }
  static int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
    if (!handle(file).disk->works(handle(file))) return SQLITE_IOERR_WRITE;
    const auto* bytes = static_cast<const char*>(from);
    return change(file, {static_cast<std::size_t>(offset), std::string(bytes, bytes + count)});
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (!handle(file).disk->works(handle(file))) return SQLITE_IOERR_TRUNCATE;
    return change(file, {static_cast<std::size_t>(size), ""});
  }
  static int sync(sqlite3_file* file, int) {
    const Handle& at = handle(file);
    if (!at.disk->operate(at)) return SQLITE_IOERR_FSYNC;
    for (const Change& each : at.file->changes) apply(at.file->synced, each);
    at.file->changes.clear();
    return SQLITE_OK;
  }
  static int size(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(handle(file).file->bytes.size());
    return SQLITE_OK;
  }
  static int lock(sqlite3_file*, int) { return SQLITE_OK; }
  static int is_reserved(sqlite3_file*, int* reserved) { return *reserved = 0, SQLITE_OK; }
  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file*) { return static_cast<int>(kSector); }
  static int characteristics(sqlite3_file*) { return 0; }

  static int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** to) {
    auto& all = handle(file).disk->shared_memory_;
    const auto at = static_cast<std::size_t>(region);
    while (extend && all.size() <= at)
      all.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    *to = at < all.size() ? all[at].get() : nullptr;
    return SQLITE_OK;
  }
  static int lock_shared(sqlite3_file*, int, int, int) { return SQLITE_OK; }
  static void barrier(sqlite3_file*) {}
  static int unmap_shared(sqlite3_file* file, int remove) {
    if (remove) handle(file).disk->shared_memory_.clear();
    return SQLITE_OK;
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* opened_as) {
    static const sqlite3_io_methods kMethods = {2,
                                                close,
                                                read,
                                                write,
                                                truncate,
                                                sync,
                                                size,
                                                lock,
                                                lock,
                                                is_reserved,
                                                control,
                                                sector_size,
                                                characteristics,
                                                map_shared,
                                                lock_shared,
                                                barrier,
                                                unmap_shared,
                                                nullptr,
                                                nullptr};
    Handle& at = handle(file);
    at.pMethods = nullptr;
    at.disk = &disk(vfs);
    at.session = at.disk->session_;
    at.file = at.disk->find(name ? name : "", flags & SQLITE_OPEN_CREATE);
    if (!at.file) return SQLITE_CANTOPEN;
    at.pMethods = &kMethods;
    if (opened_as) *opened_as = flags;
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int) {
    auto found = disk(vfs).files_.extract(name);
    if (!found.empty()) disk(vfs).deleted_.push_back(std::move(found.mapped()));
    return SQLITE_OK;
  }
  static int access(sqlite3_vfs* vfs, const char* name, int, int* there) {
    *there = disk(vfs).files_.contains(name);
    return SQLITE_OK;
  }
  static int full_name(sqlite3_vfs*, const char* name, int size, char* to) {
    sqlite3_snprintf(size, to, "%s", name);
    return SQLITE_OK;
  }
};

FragileDisk::FragileDisk() : real_(sqlite3_vfs_find(nullptr)) {
  vfs_ = *real_;  // time, randomness and sleep are as they were
  vfs_.iVersion = 1;
  vfs_.szOsFile = sizeof(Handle);
  vfs_.zName = "fragile";
  vfs_.pAppData = this;
  vfs_.xOpen = Methods::open;
  vfs_.xDelete = Methods::remove;
  vfs_.xAccess = Methods::access;
  vfs_.xFullPathname = Methods::full_name;
  sqlite3_vfs_register(&vfs_, 1);
}

FragileDisk::~FragileDisk() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

void FragileDisk::apply(std::string& bytes, const Change& change) {
  if (change.bytes.empty()) return bytes.resize(change.offset);
  bytes.resize(std::max(bytes.size(), change.offset + change.bytes.size()));
  std::ranges::copy(change.bytes, bytes.begin() + static_cast<std::ptrdiff_t>(change.offset));
}

// Whether the power was there to the end of it.
bool FragileDisk::operate(const Handle& handle) {
  if (!works(handle)) return false;
  ++operations_;
  if (left_ != kNever) --left_;
  return left_ > 0;
}

FragileDisk::File* FragileDisk::find(const char* name, bool create) {
  auto found = files_.find(name);
  if (found == files_.end() && create) found = files_.emplace(name, std::make_unique<File>()).first;
  return found == files_.end() ? nullptr : found->second.get();
}

void FragileDisk::restore_power(base::Random& random) {
  for (auto& [name, file] : files_) {
    const double kept =
        0.5 * static_cast<double>(random.index(3));  // nothing, every other sector, everything
    for (const Change& change : file->changes) {
      if (change.bytes.empty()) {
        if (random.uniform() < kept) apply(file->synced, change);
        continue;
      }
      for (std::size_t at = 0; at < change.bytes.size(); at += kSector) {
        if (random.uniform() < kept)
          apply(file->synced, {change.offset + at, change.bytes.substr(at, kSector)});
      }
    }
    file->changes.clear();
    file->bytes = file->synced;
  }
  shared_memory_.clear();
  ++session_;
  left_ = kNever;
}

}  // namespace sm2::testing
