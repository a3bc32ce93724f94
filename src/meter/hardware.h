// Which kind of hardware joules are of. The same training takes other joules on other hardware, and where other sources
// count; joules of one kind compare as they are.
#pragma once

#include <string>
#include <vector>

#include "meter/domain.h"

namespace sm2::meter {

// "AMD EPYC 7543 32-Core Processor, 64 processors; 2 x NVIDIA H100 80GB HBM3; by rapl, nvml", for people too. `counted`: the
// domains whose joules are added; empty where there are none. `processor` may be empty, where the machine does not say.
std::string hardware(const std::string& processor, int processors, const std::vector<DomainInfo>& counted);

}  // namespace sm2::meter
