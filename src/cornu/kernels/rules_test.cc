#include <gtest/gtest.h>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace rules_test {

/// Weights, gradient and three states, of which a rule has one to three.
struct State {
  std::vector<float> w, dw, s0, s1, s2;
};

struct Case {
  UpdateRule::Kind kind;
  bool has_s1, has_s2;
};
// rmsprop with every combination of its options.
constexpr Case kCases[] = {{UpdateRule::rmsprop, false, false}, {UpdateRule::rmsprop, true, false},
                           {UpdateRule::rmsprop, false, true},  {UpdateRule::rmsprop, true, true},
                           {UpdateRule::adagrad, false, false}, {UpdateRule::adadelta, true, false},
                           {UpdateRule::adamax, true, false},   {UpdateRule::nadam, true, false},
                           {UpdateRule::lion, false, false},    {UpdateRule::amsgrad, true, true}};
static_assert(has_each_kind(kCases, std::size(UpdateRule::kFacts)));

template <class T>
void update(const TableOf<T>& t, const Case& each, T* w, const T* dw, T* s0, T* s1, T* s2,
            int64_t size) {
  // The reference in double gets options rounded to float, so that only its arithmetic differs.
  t.rule_update({.kind = each.kind,
                 .w = w,
                 .dw = dw,
                 .s0 = s0,
                 .s1 = each.has_s1 ? s1 : nullptr,
                 .s2 = each.has_s2 ? s2 : nullptr,
                 .size = size,
                 .rate = static_cast<T>(0.01F),
                 .beta_1 = static_cast<T>(0.9F),
                 .one_minus_beta_1 = static_cast<T>(0.1F),
                 .beta_2 = static_cast<T>(0.99F),
                 .one_minus_beta_2 = static_cast<T>(0.01F),
                 .epsilon = static_cast<T>(1.5F),
                 .momentum = static_cast<T>(0.5F),
                 .c0 = static_cast<T>(0.75F),
                 .c1 = static_cast<T>(0.375F),
                 .c2 = static_cast<T>(1.25F)});
}

State updated(const Table& t, const Case& each, const State& state, int64_t offset) {
  Guarded w(state.w, offset);
  Guarded dw(state.dw, offset);
  Guarded s0(state.s0, offset);
  Guarded s1(state.s1, offset);
  Guarded s2(state.s2, offset);
  update(t, each, w.data(), dw.data(), s0.data(), s1.data(), s2.data(),
         static_cast<int64_t>(state.w.size()));
  EXPECT_TRUE(w.intact() && dw.intact() && s0.intact() && s1.intact() && s2.intact());
  return {w.values(), dw.values(), s0.values(), s1.values(), s2.values()};
}

constexpr auto kParts = {&State::w, &State::dw, &State::s0, &State::s1, &State::s2};

void expect_same_bits_everywhere(const Case& each, const State& state) {
  const State expected = updated(reference_table<float>(), each, state, 0);
  for (const NamedTable& t : all_tables()) {
    const State found = updated(*t.kernels, each, state, 1);
    for (const auto part : kParts) {
      EXPECT_TRUE(same_bits(found.*part, expected.*part)) << name({.kind = each.kind}) << t.name;
    }
  }
}

TEST(Rules, HaveTheSameBitsEverywhereAndAreCloseToDouble) {
  const FloatMode mode;
  Draw draw(1);
  for (const Case& each : kCases) {
    for (int64_t size = 0; size < 70; ++size) {
      const State state = {draw.floats(size, -1, 1), draw.floats(size, -1, 1),
                           draw.floats(size, 0, 1), draw.floats(size, 0, 1),
                           draw.floats(size, 0, 1)};
      expect_same_bits_everywhere(each, state);
      const State after = updated(reference_table<float>(), each, state, 0);
      auto w = to_double(state.w);
      const auto dw = to_double(state.dw);
      auto s0 = to_double(state.s0);
      auto s1 = to_double(state.s1);
      auto s2 = to_double(state.s2);
      update(reference_table<double>(), each, w.data(), dw.data(), s0.data(), s1.data(), s2.data(),
             size);
      EXPECT_TRUE(close(after.w, w, 0, 0x1p-22));
      EXPECT_TRUE(close(after.s0, s0, 0, 0x1p-22));
      EXPECT_TRUE(close(after.s1, s1, 0, 0x1p-22));
      EXPECT_TRUE(close(after.s2, s2, 0, 0x1p-22));
    }
  }
}

TEST(Rules, PassSpecialValuesTheSameWay) {
  const FloatMode mode;
  Draw draw(2);
  const auto values = special_values();
  const auto many = [&] {
    std::vector<float> some(500);
    for (float& value : some) {
      value = values[draw.below(values.size())];
    }
    return some;
  };
  for (const Case& each : kCases) {
    for (int i = 0; i < 8; ++i) {
      expect_same_bits_everywhere(each, {many(), many(), many(), many(), many()});
    }
  }
}

TEST(SquaredNorm, IsASumOfSixteenLanesOverBlocks) {
  Draw draw(3);
  for (const int64_t size : {0, 1, 15, 16, 17, 4095, 4096, 4097, 10'000}) {
    const std::vector<float> x = draw.floats(size, -2, 2);
    double expected = 0;
    for (const float each : x) expected += static_cast<double>(each) * static_cast<double>(each);
    const double found = reference_table<float>().squared_norm(x.data(), size);
    EXPECT_NEAR(found, expected, 1e-12 * (1 + expected));
    for (const NamedTable& t : all_tables()) {
      EXPECT_EQ(t.kernels->squared_norm(x.data(), size), found) << t.name;
    }
  }
}

}  // namespace rules_test
}  // namespace cornu::inline v0::kernels
