// What a sampler has suggested and been told, ranked at one resource: the highest that `enough` trials have
// reached (Falkner et al. 2018, arXiv 1807.01774, section 4: compare at the largest budget with enough
// observations). A trial counts there with the value that it had at that resource, or at the next one at
// which it was told. Trials that have not reached it, that are pending or whose last word is a failure have
// no rank. Telling costs a shift in a sorted array, and a new sort only when that resource changes.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "sampler/coordinates.h"
#include "sampler/sampler.h"

namespace sm2::sampler {

class History {
 public:
  explicit History(std::size_t enough) : enough_(enough) {}

  void add(int id, Row row);  // ids grow
  void tell(int id, const Observation& observation);

  std::size_t size() const { return trials_.size(); }
  std::size_t told() const { return told_; }              // trials that were told anything
  std::size_t usable() const { return reached_.size(); }  // of those, the ones that have not failed
  const Row& row(std::size_t place) const { return trials_[place].row; }
  const std::vector<std::size_t>& ranking() const {
    return ranking_;
  }  // places, best first; ties: the earlier

 private:
  struct Trial {
    int id = 0;
    Row row;
    std::map<double, std::optional<double>> values;  // by resource; absent: failed there
    std::optional<double> reached;                   // the highest resource, unless it failed there
    std::optional<double> ranked;                    // the value that it is ranked by
  };

  void move_reached(Trial& trial);
  void rank(std::size_t place);
  std::vector<std::size_t>::iterator position(std::size_t place);
  double common_resource() const;

  std::size_t enough_;
  std::vector<Trial> trials_;
  std::size_t told_ = 0;
  std::vector<double> reached_;  // of all trials that have one, highest first
  double level_ = 0;             // the resource that trials are ranked at
  std::vector<std::size_t> ranking_;
};

}  // namespace sm2::sampler
