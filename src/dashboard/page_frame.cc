#include "dashboard/page_frame.h"

#include <fmt/format.h>

#include "report/html/escape.h"

namespace sm2::dashboard {

using report::html::escape;

std::string framed(const Frame& frame) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><link rel=\"icon\" href=\"data:,\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>{0} – SM2</title>"
      "<meta name=\"sm2-store\" content=\"{1}\"><meta name=\"sm2-version\" content=\"{2}\">"
      "<meta name=\"sm2-controls\" content=\"{7}\">"
      "<noscript><meta http-equiv=\"refresh\" content=\"0;url={3}\"></noscript>"
      "<link rel=\"stylesheet\" href=\"{4}\" nonce=\"{6}\"><script defer src=\"{5}\" nonce=\"{6}\"></script>"
      "</head><body><div id=\"page\"></div>"
      "<noscript><p><a href=\"{3}\">The same without scripts</a></p></noscript></body></html>\n",
      escape(frame.title), escape(frame.store), SM2_VERSION, escape(frame.plain), kStylePath, kScriptPath,
      frame.nonce, frame.controls ? "yes" : "no");
}

}  // namespace sm2::dashboard
