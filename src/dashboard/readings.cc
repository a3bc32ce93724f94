#include "dashboard/readings.h"

#include "dashboard/raw_json.h"

namespace sm2::dashboard {
namespace {

std::optional<base::Joules> above_idle(const trial::Reading& reading) {
  if (!reading.joules || !reading.idle) return {};
  return *reading.joules - *reading.idle;
}

}  // namespace

std::string readings_json(const trial::Energy& energy) {
  raw::Column all;
  for (const trial::Reading& reading : energy) {
    all.add_raw(raw::object({{"domain", raw::string(reading.domain)},
                             {"source", raw::string(trial::described_source(reading))},
                             {"quality", raw::string(trial::name(reading.quality))},
                             {"joules", raw::number(reading.joules)},
                             {"joules_error", reading.joules ? raw::number(reading.error) : "null"},
                             {"above_idle", raw::number(above_idle(reading))},
                             {"counted", raw::truth(reading.counted)},
                             {"note", raw::string(reading.note)}}));
  }
  return all.json();
}

}  // namespace sm2::dashboard
