#include "space/unit.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sm2::space {
namespace {

Domain any_domain() {
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      return Integer{*rc::gen::inRange<std::int64_t>(-50, 0), *rc::gen::inRange<std::int64_t>(1, 90),
                     *rc::gen::inRange<std::int64_t>(1, 8), Scale::kLinear};
    case 1:
      return Integer{*rc::gen::inRange<std::int64_t>(1, 10), *rc::gen::inRange<std::int64_t>(11, 5000), 1,
                     Scale::kLog};
    case 2:
      return Real{1e-5, 10, {}, Scale::kLog};
    case 3:
      return Real{-3, 0.1 * *rc::gen::inRange(1, 100), {}, Scale::kLinear};
    case 4:
      return Real{0, 1, 0.1, Scale::kLinear};
    default:
      return Categorical{{std::int64_t{512}, std::int64_t{16}, 0.5}};
  }
}

RC_GTEST_PROP(Unit, EveryNumberGivesAValueOfTheDomain, ()) {
  const Domain domain = any_domain();
  const double unit = *rc::gen::inRange(-100, 1101) / 1000.0;
  RC_ASSERT(contains(domain, from_unit(domain, unit)));
}

RC_GTEST_PROP(Unit, AValueComesBackFromItsNumber, ()) {
  const Domain domain = any_domain();
  base::Random random(*rc::gen::inRange<std::uint64_t>(0, 1000));
  const Value value = sample(domain, random);
  const double unit = to_unit(domain, value);
  RC_ASSERT(unit >= 0 && unit <= 1);
  const Value back = from_unit(domain, unit);
  RC_ASSERT(std::abs(as_number(back) - as_number(value)) <= 1e-12 * std::abs(as_number(value)) + 1e-15);
}

TEST(Unit, OrdersChoicesThatAreNumbersBySize) {
  const Domain domain = Categorical{{std::int64_t{64}, std::int64_t{16}, std::int64_t{32}}};
  EXPECT_TRUE(ordered(domain));
  EXPECT_EQ(from_unit(domain, 0), Value(std::int64_t{16}));
  EXPECT_EQ(from_unit(domain, 1), Value(std::int64_t{64}));
  EXPECT_DOUBLE_EQ(to_unit(domain, Value(std::int64_t{32})), 0.5);
}

TEST(Unit, NamedChoicesHaveNoOrder) {
  EXPECT_FALSE(ordered(Categorical{{std::string("sgd"), std::string("adam")}}));
  EXPECT_EQ(from_unit(Categorical{{std::string("sgd"), std::string("adam")}}, 0.2),
            Value(std::string("sgd")));
}

}  // namespace
}  // namespace sm2::space
