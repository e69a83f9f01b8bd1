#include "cornu/layers/gaussian_dropout.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/testing/check.h"
#include "cornu/testing/probe.h"

namespace cornu::inline v0 {
namespace gaussian_dropout_test {

/// The layer alone on `rows` samples of `cols` numbers that are all `x`, with output gradients
/// of 2.
struct Drawn {
  std::vector<float> y, dx;
};

Drawn run(double rate, Mode mode, int64_t rows, int64_t cols, float x) {
  Layer layer = GaussianDropout({.rate = rate});
  layer.set_name("drop");
  const Shape shape = {kRows, cols};
  testing::Probe probe(testing::Probe::layer_plan(layer, {shape}, mode, DType::float32, rows), {},
                       kernels::best_target(), 1);
  std::ranges::fill(probe.batch().x[0].span<float>(), x);
  std::ranges::fill(probe.batch().y[0].span<float>(), 2.0F);
  probe.run();
  const auto values = [&](SlotId slot) {
    const auto span = probe.value(slot).span<float>();
    return std::vector<float>(span.begin(), span.end());
  };
  const SlotId dx = probe.variables()[0].gradient;
  return {values(probe.plan().outputs[0]), dx == kNone ? std::vector<float>() : values(dx)};
}

TEST(GaussianDropout, MultipliesByNormalNumbersAroundOne) {
  const double rate = 0.2;
  const Drawn ones = run(rate, Mode::training, 300, 401, 1);
  const auto count = static_cast<double>(ones.y.size());
  double mean = 0;
  double square = 0;
  for (const float n : ones.y) {
    mean += static_cast<double>(n) / count;
    square += (static_cast<double>(n) - 1) * (static_cast<double>(n) - 1) / count;
  }
  const double variance = rate / (1 - rate);
  EXPECT_NEAR(mean, 1, 6 * std::sqrt(variance / count));
  EXPECT_NEAR(square, variance, 6 * variance * std::sqrt(2 / count));
  // The random numbers do not depend on x, so the output is their product with x.
  const Drawn others = run(rate, Mode::training, 300, 401, -0.75F);
  for (size_t i = 0; i < ones.y.size(); ++i) {
    ASSERT_EQ(others.y[i], -0.75F * ones.y[i]);
    ASSERT_EQ(others.dx[i], 2 * ones.y[i]);
  }
}

TEST(GaussianDropout, IsTheIdentityOutsideTrainingAndAtRateZero) {
  EXPECT_THAT(run(0.5, Mode::predict, 3, 4, 3).y, ::testing::Each(3.0F));
  EXPECT_THAT(run(0.5, Mode::evaluate, 3, 4, 3).y, ::testing::Each(3.0F));
  EXPECT_THAT(run(0, Mode::training, 3, 4, 3).y, ::testing::Each(3.0F));
  for (const double rate : {-0.1, 1.0, std::nan("")}) {
    EXPECT_THROW(GaussianDropout({.rate = rate}), Error) << rate;
  }
}

}  // namespace gaussian_dropout_test
}  // namespace cornu::inline v0
