// Whether an exception says that memory ran out: by type, or in the words of libtorch, oneDNN and the
// standard library.
#pragma once

#include <exception>

namespace trainer {

bool is_out_of_memory(const std::exception& error);

}  // namespace trainer
