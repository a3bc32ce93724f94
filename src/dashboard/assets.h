// The script and the style sheet of the page, as they were made of web/ when this was built. Both are empty where npm was not
// there, or had nowhere to get its packages from: then there are pages without scripts alone.
#pragma once

#include <string_view>

namespace sm2::dashboard {

struct Assets {
  std::string_view script, style;
  bool there() const { return !script.empty(); }
};

extern const Assets kAssets;

}  // namespace sm2::dashboard
