#include "strategy/top_share.h"

#include <algorithm>

namespace sm2::strategy {
namespace {

using Order = bool (*)(const Ranked&, const Ranked&);

void put(std::vector<Ranked>& heap, const Ranked& ranked, Order order) {
  heap.push_back(ranked);
  std::ranges::push_heap(heap, order);
}

Ranked take(std::vector<Ranked>& heap, Order order) {
  std::ranges::pop_heap(heap, order);
  const Ranked taken = heap.back();
  heap.pop_back();
  return taken;
}

}  // namespace

bool better(const Ranked& a, const Ranked& b) {
  return a.metric > b.metric || (a.metric == b.metric && a.trial < b.trial);
}

void TopShare::add(const Ranked& ranked) {
  if (size() == 0 || better(ranked, best_)) best_ = ranked;
  const auto share = static_cast<std::size_t>(static_cast<double>(size() + 1) / eta_);
  if (top_.empty() || better(top_.front(), ranked)) {
    put(rest_, ranked, worse);
  } else {
    put(top_, ranked, better);
  }
  if (top_.size() < share) put(top_, take(rest_, worse), better);
  if (top_.size() > share) put(rest_, take(top_, better), worse);
}

}  // namespace sm2::strategy
