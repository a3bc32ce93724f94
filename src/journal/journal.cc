#include "journal/journal.h"

namespace sm2::journal {

base::Result<std::vector<trial::Event>> Journal::read() const {
  std::vector<trial::Event> events;
  const auto keep = [&](const trial::Event& event) -> base::Result<> {
    events.push_back(event);
    return {};
  };
  if (auto visited = visit(keep); !visited) return tl::unexpected(visited.error());
  return events;
}

}  // namespace sm2::journal
