#include <gtest/gtest.h>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace updates_test {

/// Weights, gradient and the optimizer's two moments; sgd has only the first.
struct State {
  std::vector<float> w, dw, m, v;
};

enum class Rule { sgd, momentum, nesterov, adam };
constexpr Rule kRules[] = {Rule::sgd, Rule::momentum, Rule::nesterov, Rule::adam};

template <class T>
void update(const TableOf<T>& t, Rule rule, T* w, const T* dw, T* m, T* v, int64_t size) {
  if (rule == Rule::adam) {
    // Rates in float on both sides, so that the two differ by rounding alone.
    t.adam({w, dw, m, v, size, static_cast<T>(0.001F), static_cast<T>(0.1F), static_cast<T>(0.001F),
            static_cast<T>(1e-7F)});
  } else {
    t.sgd({w, dw, rule == Rule::sgd ? nullptr : m, size, static_cast<T>(0.01F),
           static_cast<T>(0.9F), rule == Rule::nesterov});
  }
}

State updated(const Table& t, Rule rule, const State& state, int64_t offset) {
  Guarded w(state.w, offset);
  Guarded dw(state.dw, offset);
  Guarded m(state.m, offset);
  Guarded v(state.v, offset);
  update(t, rule, w.data(), dw.data(), m.data(), v.data(), static_cast<int64_t>(state.w.size()));
  EXPECT_TRUE(w.intact() && dw.intact() && m.intact() && v.intact());
  return {w.values(), dw.values(), m.values(), v.values()};
}

testing::AssertionResult same_state(const State& a, const State& b) {
  for (const auto part : {&State::w, &State::dw, &State::m, &State::v}) {
    if (auto same = same_bits(a.*part, b.*part); !same) return same;
  }
  return testing::AssertionSuccess();
}

void expect_same_bits_everywhere(Rule rule, const State& state) {
  const State expected = updated(reference_table<float>(), rule, state, 0);
  for (const NamedTable& t : all_tables()) {
    EXPECT_TRUE(same_state(updated(*t.kernels, rule, state, 1), expected)) << t.name;
  }
}

TEST(Updates, HaveTheSameBitsEverywhereAndAreCloseToDouble) {
  const FloatMode mode;
  Draw draw(1);
  for (Rule rule : kRules) {
    for (int64_t size = 0; size < 70; ++size) {
      const State state = {draw.floats(size, -1, 1), draw.floats(size, -1, 1),
                           draw.floats(size, -1, 1), draw.floats(size, 0, 1)};
      expect_same_bits_everywhere(rule, state);
      const State after = updated(reference_table<float>(), rule, state, 0);
      auto w = to_double(state.w);
      const auto dw = to_double(state.dw);
      auto m = to_double(state.m);
      auto v = to_double(state.v);
      update(reference_table<double>(), rule, w.data(), dw.data(), m.data(), v.data(), size);
      EXPECT_TRUE(close(after.w, w, 0, 0x1p-23));
      EXPECT_TRUE(close(after.m, m, 0, 0x1p-22));
      EXPECT_TRUE(close(after.v, v, 0, 0x1p-22));
    }
  }
}

TEST(Updates, PassSpecialValuesTheSameWay) {
  const FloatMode mode;
  Draw draw(2);
  const auto values = special_values();
  const auto many = [&] {
    std::vector<float> some(500);
    for (float& value : some) {
      value = values[static_cast<size_t>(draw.below(static_cast<int64_t>(values.size())))];
    }
    return some;
  };
  for (Rule rule : kRules) expect_same_bits_everywhere(rule, {many(), many(), many(), many()});
}

TEST(Updates, LeaveNoMomentBelowTheBandWhereCpusDiffer) {
  const FloatMode mode;
  Draw draw(3);
  constexpr int64_t kSize = 1000;
  for (Rule rule : {Rule::momentum, Rule::nesterov, Rule::adam}) {
    State state = {draw.floats(kSize, -1, 1), std::vector<float>(kSize), {}, {}};
    for (int64_t i = 0; i < kSize; ++i) {
      const auto tiny = [&] {
        return std::ldexp(draw.between(1, 2), -116 - static_cast<int>(draw.below(12)));
      };
      state.m.push_back(i % 2 == 0 ? tiny() : -tiny());
      state.v.push_back(tiny());
      state.dw[static_cast<size_t>(i)] = i % 3 == 0 ? tiny() * 0.01F : 0;
    }
    bool any_left = false;
    for (int step = 0; step < 200; ++step) {
      expect_same_bits_everywhere(rule, state);
      state = updated(table(best_target()), rule, state, 0);
      std::vector<float> moments = state.m;
      if (rule == Rule::adam) moments.insert(moments.end(), state.v.begin(), state.v.end());
      for (float moment : moments) {
        ASSERT_TRUE(moment == 0 || std::abs(moment) >= 0x1p-120F);
        any_left = any_left || (step == 0 && moment != 0);
      }
    }
    EXPECT_TRUE(any_left);
  }
}

TEST(Updates, FlushBelowTheBandAndNotAtIt) {
  const FloatMode mode;
  for (const NamedTable& t : all_tables()) {
    // With momentum 1 and no gradient the velocity stays, unless it is flushed.
    const float edge = 0x1p-120F;
    std::vector<float> v = {edge, -edge, std::nextafter(edge, 0.0F), -std::nextafter(edge, 0.0F)};
    std::vector<float> w(4);
    const std::vector<float> dw(4);
    t.kernels->sgd({w.data(), dw.data(), v.data(), 4, 0.1F, 1.0F, false});
    EXPECT_TRUE(same_bits(v, {edge, -edge, 0, 0})) << t.name;
  }
}

TEST(Updates, AdamsFirstStepMovesByTheStepSize) {
  const FloatMode mode;
  for (const NamedTable& t : all_tables()) {
    std::vector<float> w = {1, 1};
    const std::vector<float> dw = {0.5F, -2};
    std::vector<float> m(2);
    std::vector<float> v(2);
    // lr 0.001 corrected for the first step: 0.001 · √(1 − 0.999) / (1 − 0.9).
    const auto alpha = static_cast<float>(0.001 * std::sqrt(0.001) / 0.1);
    t.kernels->adam({w.data(), dw.data(), m.data(), v.data(), 2, alpha, 0.1F, 0.001F, 1e-7F});
    EXPECT_NEAR(w[0], 0.999, 1e-6) << t.name;
    EXPECT_NEAR(w[1], 1.001, 1e-6) << t.name;
    EXPECT_NEAR(m[0], 0.05, 1e-8) << t.name;
    EXPECT_NEAR(v[1], 0.004, 1e-8) << t.name;
  }
}

}  // namespace updates_test
}  // namespace cornu::inline v0::kernels
