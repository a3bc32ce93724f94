// Fuzz targets, one for each parser of what comes from outside. A target takes any bytes. It returns, or throws Broken where
// a promise of the parser does not hold; another exception that leaves it is a fault too.
//
// The unit tests run them over tests/fuzz/corpus and seeded mutations of it (replay_test.cc); dev/fuzz runs them under
// libFuzzer (libfuzzer.cc). A new target is a file, a line here, and a folder of small inputs in corpus/.
#pragma once

#include <array>
#include <stdexcept>
#include <string_view>

namespace sm2::fuzz {

struct Broken : std::logic_error {
  using std::logic_error::logic_error;
};
inline void require(bool holds, const char* promise) {
  if (!holds) throw Broken(promise);
}

void client(std::string_view input);        // a line of SM2_PARAMS, then lines from the tuner
void command_line(std::string_view input);  // words as a shell splits them, and placeholders
void journal(std::string_view input);       // events, a line each: kind, time, body; read, folded and shown
void meter_output(std::string_view input);  // what a meter's program prints
void pattern(std::string_view input);       // a line with the expression, then a program's output
void protocol(std::string_view input);   // a byte that says where the stream is cut, then lines of a program
void recording(std::string_view input);  // a power trace as CSV
void request(std::string_view input);    // what a client of sm2 serve sends
void shown(std::string_view input);      // text made safe for a terminal, HTML, CSV, a shell
void store(std::string_view input);      // a store's file
void study_file(std::string_view input);
void table(std::string_view input);  // trainings as CSV, for sm2 compare
void units(std::string_view input);  // "2 kWh", "90 min", "380 gCO2e/kWh"
void zeus(std::string_view input);   // a training file and a power file, with a line "---" between them

struct Named {
  std::string_view name;
  void (*run)(std::string_view input);
};

inline constexpr std::array kTargets = {Named{"client", client},         Named{"command_line", command_line},
                                        Named{"journal", journal},       Named{"meter_output", meter_output},
                                        Named{"pattern", pattern},       Named{"protocol", protocol},
                                        Named{"recording", recording},   Named{"request", request},
                                        Named{"shown", shown},           Named{"store", store},
                                        Named{"study_file", study_file}, Named{"table", table},
                                        Named{"units", units},           Named{"zeus", zeus}};

}  // namespace sm2::fuzz
