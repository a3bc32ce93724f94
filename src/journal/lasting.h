// Of a mailbox that can tell failures for good, as where its tables were dropped, from those that pass.
#pragma once

#include <optional>

#include "journal/mailbox.h"

namespace sm2::journal {

class Lasting {
 public:
  virtual ~Lasting() = default;
  virtual std::optional<base::Error> lasting() const = 0;  // the last failure, where it is for good
};

inline std::optional<base::Error> lasting_failure(const Mailbox& mailbox) {
  const auto* known = dynamic_cast<const Lasting*>(&mailbox);
  return known ? known->lasting() : std::nullopt;
}

}  // namespace sm2::journal
