// The report's style sheet: light and dark by the reader's preference, 360 to 2560 pixels, paper. Colours of
// trials are those of Okabe and Ito, which people with any colour vision can tell apart; the winner is blue
// and dropped is orange everywhere, and neither depends on colour alone.
#pragma once

#include <string_view>

namespace sm2::report::html {

extern const std::string_view kStyle;

}  // namespace sm2::report::html
