#include "trial/schedule.h"

namespace sm2::trial {

std::string_view name(Schedule::Kind kind) {
  switch (kind) {
    case Schedule::Kind::kConstant:
      return "constant";
    case Schedule::Kind::kTriangular:
      return "triangular";
    case Schedule::Kind::kLogTriangular:
      return "log-triangular";
    case Schedule::Kind::kCosine:
      return "cosine";
  }
  return "unknown";
}

}  // namespace sm2::trial
