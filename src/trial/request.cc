#include "trial/request.h"

namespace sm2::trial {

std::string_view name(Wish wish) {
  switch (wish) {
    case Wish::kPause:
      return "pause";
    case Wish::kResume:
      return "resume";
    case Wish::kStop:
      return "stop";
  }
  return "";
}

std::optional<Wish> wish_named(std::string_view text) {
  for (const Wish wish : {Wish::kPause, Wish::kResume, Wish::kStop}) {
    if (name(wish) == text) return wish;
  }
  return {};
}

}  // namespace sm2::trial
