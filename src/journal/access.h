// What a store is opened for.
#pragma once

namespace sm2::journal {

enum class Access { kRead, kWrite };  // kWrite makes the store where there is none

}  // namespace sm2::journal
