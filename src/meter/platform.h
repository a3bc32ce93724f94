// The machine as one meter: domains of any sources side by side, one sampler thread where one of them needs sampling,
// and nothing counted twice. A domain inside another of its source is read and shown but not added; where a whole
// node is read, nothing else is added.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "meter/discovery.h"
#include "meter/meter.h"
#include "meter/sampler.h"

namespace sm2::meter {

class Platform final : public Meter {
 public:
  // Where `threaded` is false nothing is sampled but when windows are opened and read: for tests, which sample
  // themselves.
  explicit Platform(std::vector<std::unique_ptr<Domain>> domains, std::vector<Unusable> missing = {},
                    bool threaded = true);

  std::unique_ptr<Window> open(Load load) override;
  std::vector<DomainInfo> domains() const override;
  std::optional<base::Seconds> read_within() const override;
  std::string hardware(const Load& load) const override;
  std::map<pid_t, double> use_by_process(const std::string& domain) override;

  void set_processor(std::string name) { processor_ = std::move(name); }  // for hardware()

  // What is there and cannot be read: its joules are in no sum.
  const std::vector<Unusable>& missing() const { return missing_; }

 private:
  bool counts(const DomainInfo& info) const;

  std::vector<std::unique_ptr<Domain>> domains_;
  bool node_ = false;  // one of them counts all of the machine
  std::vector<Unusable> missing_;
  std::string processor_;
  std::unique_ptr<Sampler> sampler_;  // last: it stops before what it samples goes
};

}  // namespace sm2::meter
