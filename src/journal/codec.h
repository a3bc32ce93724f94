// Events as stored text: a kind and a JSON object, version 1, documented in docs/journal.md. Numbers that are
// not finite are the strings "nan", "inf" and "-inf"; what is unknown is left out. Reading accepts unknown
// keys, so that a newer minor version's events stay readable.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "trial/event.h"

namespace sm2::journal {

inline constexpr int kSchemaVersion = 1;

std::string kind(const trial::EventBody& body);    // "created", "opened", "decided", ...
std::string encode(const trial::EventBody& body);  // JSON

// Fails on an unknown kind or a body that does not fit it.
base::Result<trial::EventBody> decode(std::string_view kind, std::string_view text);

}  // namespace sm2::journal
