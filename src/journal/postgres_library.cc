#include "journal/postgres_library.h"

#include <dlfcn.h>

#include <optional>

namespace sm2::journal {
namespace {

constexpr const char* kName = "libpq.so.5";

template <class Function>
bool load(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

// Stays open: closing it would end what it keeps for the whole process.
std::optional<Libpq> open() {
  void* library = dlopen(kName, RTLD_NOW | RTLD_LOCAL);
  if (!library) return {};
  Libpq found;
  bool whole = true;
#define SM2_LIBPQ_LOAD(name) whole = load(library, #name, found.name) && whole;
  SM2_LIBPQ(SM2_LIBPQ_LOAD)
#undef SM2_LIBPQ_LOAD
  return whole ? std::optional(found) : std::nullopt;
}

}  // namespace

const Libpq* find_libpq() {
  static const std::optional<Libpq> found = open();
  return found ? &*found : nullptr;
}

}  // namespace sm2::journal
