#include "out_of_memory.h"

#include <new>
#include <string_view>

namespace trainer {

bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  const std::string_view message = error.what();
  for (const char* phrase :
       {"allocate memory", "not enough memory", "out of memory", "bad_alloc", "could not create a memory"}) {
    if (message.find(phrase) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace trainer
