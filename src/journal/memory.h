// A store that lives as long as the object: for tests and simulations. Journals share their events with the
// store.
#pragma once

#include <map>
#include <memory>

#include "journal/journal.h"

namespace sm2::journal {

class MemoryStore final : public Store {
 public:
  base::Result<std::vector<std::string>> studies() const override;
  base::Result<std::vector<Length>> lengths() const override;
  base::Result<std::unique_ptr<Journal>> create(std::string_view study) override;
  base::Result<std::unique_ptr<Journal>> open(std::string_view study) override;

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::shared_ptr<std::vector<trial::Event>>, std::less<>> events_;
};

}  // namespace sm2::journal
