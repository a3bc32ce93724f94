// Whether the training program of a study file can be started at all, before anything is spent on it.
#pragma once

#include <string>

#include "config/spec.h"

namespace sm2::cli {

// Fails where its folder or its program is not there; the error names `file` and the line.
base::Result<> check_program(const config::Spec& spec, const std::string& file);

}  // namespace sm2::cli
