// The frame that the page's script fills: HTML without content of its own, which leads browsers without scripts to `plain`.
#pragma once

#include <string>

namespace sm2::dashboard {

struct Frame {
  std::string title;
  std::string plain;      // the path of the same without scripts
  std::string store;      // its name, as it may be shown
  std::string nonce;      // of script and style sheet
  bool controls = false;  // whether studies can be paused, resumed and stopped
};

inline constexpr const char* kScriptPath = "/assets/page.js";
inline constexpr const char* kStylePath = "/assets/page.css";

std::string framed(const Frame& frame);

}  // namespace sm2::dashboard
