#include <gtest/gtest.h>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace pointwise_test {

constexpr Function kFunctions[] = {Function::linear,
                                   Function::sigmoid,
                                   Function::relu,
                                   Function::tanh,
                                   Function::exponential,
                                   {Function::elu, 0.75, 1.25},
                                   {Function::rectifier, 0.25, 0.5, 2},
                                   {Function::rectifier, 0, -1, 2},
                                   Function::gelu,
                                   Function::silu,
                                   Function::softplus,
                                   Function::softsign,
                                   Function::log,
                                   Function::sqrt,
                                   {Function::clip, 0, -0.5, 2}};
static_assert(has_each_kind(kFunctions, std::size(Function::kFacts)));

// The least x of a test: a logarithm and a root are numbers above 0, and steep near it.
double least(Function function) {
  return function == Function::log || function == Function::sqrt ? 0.55 : -9;
}

std::vector<float> forward(const Table& t, Function function, const std::vector<float>& x,
                           int64_t offset, bool in_place) {
  Guarded from(x, offset);
  Guarded y(in_place ? x : std::vector<float>(x.size()), offset);
  const auto size = static_cast<int64_t>(x.size());
  t.pointwise({function, in_place ? y.data() : from.data(), y.data(), size});
  EXPECT_TRUE(y.intact());
  return y.values();
}

std::vector<float> back(const Table& t, Function function, const std::vector<float>& y,
                        const std::vector<float>& dy, std::vector<float> dx, bool accumulate) {
  Guarded to(dx, 1);
  t.pointwise_back(
      {function, y.data(), dy.data(), to.data(), static_cast<int64_t>(y.size()), accumulate});
  EXPECT_TRUE(to.intact());
  return to.values();
}

TEST(Pointwise, HasTheSameBitsEverywhereAndIsCloseToDouble) {
  const FloatMode mode;
  Draw draw(1);
  for (Function function : kFunctions) {
    for (int64_t size = 0; size < 100; ++size) {
      const auto x = draw.floats(size, static_cast<float>(least(function)), 9);
      const auto expected = forward(reference_table<float>(), function, x, 0, false);
      for (const NamedTable& t : all_tables()) {
        EXPECT_TRUE(same_bits(forward(*t.kernels, function, x, size % 4, false), expected))
            << t.name;
        EXPECT_TRUE(same_bits(forward(*t.kernels, function, x, size % 4, true), expected))
            << t.name << " in place";
      }
      const auto wide = to_double(x);
      std::vector<double> y(wide.size());
      reference_table<double>().pointwise({function, wide.data(), y.data(), size});
      // Below 0 gelu subtracts a number near 1 from 1.
      const double absolute = function.kind == Function::gelu ? 0x1p-22 : 0;
      EXPECT_TRUE(close(expected, y, 0x1p-22, absolute)) << name(function);
    }
  }
}

TEST(Pointwise, PassesSpecialValuesTheSameWay) {
  const FloatMode mode;
  const auto x = special_values();
  for (Function function : kFunctions) {
    const auto expected = forward(reference_table<float>(), function, x, 0, false);
    for (const NamedTable& t : all_tables()) {
      const auto y = forward(*t.kernels, function, x, 1, false);
      EXPECT_TRUE(same_bits(y, expected)) << t.name;
      EXPECT_TRUE(std::isnan(y.back())) << t.name;
    }
  }
}

TEST(Pointwise, ReluIsZeroUpToZero) {
  for (const NamedTable& t : all_tables()) {
    EXPECT_TRUE(
        same_bits(forward(*t.kernels, Function::relu, {-0.0F, -1, 0, 2}, 0, false), {0, 0, 0, 2}))
        << t.name;
  }
}

TEST(Pointwise, GradientHasTheSameBitsEverywhereAndIsCloseToDouble) {
  const FloatMode mode;
  Draw draw(2);
  for (Function function : kFunctions) {
    for (int64_t size = 0; size < 70; ++size) {
      const float low = least(function) > 0 ? 0.5F : function == Function::sigmoid ? 0.0F : -1.0F;
      const auto y = draw.floats(size, low, 1);
      const auto dy = draw.floats(size, -1, 1);
      const auto before = draw.floats(size, -1, 1);
      for (bool accumulate : {false, true}) {
        const auto expected = back(reference_table<float>(), function, y, dy, before, accumulate);
        for (const NamedTable& t : all_tables()) {
          EXPECT_TRUE(same_bits(back(*t.kernels, function, y, dy, before, accumulate), expected))
              << t.name;
        }
        const auto wide_y = to_double(y);
        const auto wide_dy = to_double(dy);
        auto dx = to_double(before);
        reference_table<double>().pointwise_back(
            {function, wide_y.data(), wide_dy.data(), dx.data(), size, accumulate});
        EXPECT_TRUE(close(expected, dx, 0, 0x1p-22));
      }
    }
  }
}

TEST(Pointwise, GradientIsTheDerivative) {
  const auto& t = reference_table<double>();
  constexpr double kStep = 1e-5;
  for (Function function : kFunctions) {
    for (double x = std::max(-4.05, least(function)); x < 4; x += 0.1) {  // past the kinks
      const std::vector<double> at = {x - kStep, x, x + kStep};
      std::vector<double> y(at.size());
      t.pointwise({function, at.data(), y.data(), 3});
      const double dy = 1.5;
      double dx = 0;
      const double saved = function.saves_input() ? x : y[1];
      t.pointwise_back({function, &saved, &dy, &dx, 1, false});
      EXPECT_NEAR(dx, dy * (y[2] - y[0]) / (2 * kStep), 1e-8) << name(function) << " at " << x;
    }
  }
}

TEST(Pointwise, FlatRectifiersAcceptInfinity) {
  constexpr auto kInfinity = std::numeric_limits<float>::infinity();
  for (const NamedTable& t : all_tables()) {
    EXPECT_TRUE(same_bits(forward(*t.kernels, {Function::rectifier, 0, 0, 6},
                                  {-kInfinity, -1, 0, 3, 6, 7, kInfinity}, 0, false),
                          {0, 0, 0, 3, 6, 6, 6}))
        << t.name;
  }
}

TEST(Pointwise, GradientPassesSpecialValuesTheSameWay) {
  const FloatMode mode;
  const auto values = special_values();
  std::vector<float> y;
  std::vector<float> dy;
  for (float a : values) {
    for (float b : values) {
      y.push_back(a);
      dy.push_back(b);
    }
  }
  for (Function function : kFunctions) {
    const auto expected = back(reference_table<float>(), function, y, dy, y, true);
    for (const NamedTable& t : all_tables()) {
      EXPECT_TRUE(same_bits(back(*t.kernels, function, y, dy, y, true), expected)) << t.name;
    }
  }
}

}  // namespace pointwise_test
}  // namespace cornu::inline v0::kernels
