// Cases for std::visit written as lambdas side by side.
#pragma once

namespace sm2::base {

template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;

}  // namespace sm2::base
