#include "cornu/layers/dropout.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/testing/probe.h"

namespace cornu::inline v0 {
namespace dropout_test {

constexpr int64_t kSamples = 300;
constexpr int64_t kColumns = 401;

/// The layer's output in training, and its input's gradient if the output's is `from`.
struct Drawn {
  std::vector<float> y, dx;
};

Drawn drawn(float rate, const std::vector<float>& x, const std::vector<float>& from) {
  Layer layer = Dropout({.rate = rate});
  layer.set_name("drop");
  testing::Probe probe(testing::Probe::layer_plan(layer, {{kRows, kColumns}}, Mode::training,
                                                  DType::float32, kSamples),
                       {}, kernels::best_target(), 1);
  std::ranges::copy(x, probe.batch().x[0].span<float>().begin());
  std::ranges::copy(from, probe.batch().y[0].span<float>().begin());
  probe.run();
  const auto values = [&](SlotId slot) {
    const auto span = probe.value(slot).span<float>();
    return std::vector<float>(span.begin(), span.end());
  };
  return {values(probe.plan().outputs[0]), values(probe.variables()[0].gradient)};
}

// Keras's formula, given the mask: y = x·mask / (1 − rate), dx = dy·mask / (1 − rate).
TEST(Dropout, GivenItsMaskIsKerassFormula) {
  constexpr size_t kCount = kSamples * kColumns;
  const std::vector<float> ones(kCount, 1);
  std::vector<float> x(kCount);
  std::vector<float> dy(kCount);
  for (size_t i = 0; i < kCount; ++i) {
    x[i] = static_cast<float>(i * 31 % 53) / 16 - 1;
    dy[i] = static_cast<float>(i * 7 % 29) / 8 - 2;
  }
  for (const float rate : {0.2F, 0.5F, 0.9F}) {
    SCOPED_TRACE(rate);
    const std::vector<float> mask = drawn(rate, ones, ones).y;
    const auto kept = static_cast<double>(kCount - std::ranges::count(mask, 0.0F));
    const double p = 1 - static_cast<double>(rate);
    EXPECT_NEAR(kept / kCount, p, 6 * std::sqrt(p * (1 - p) / kCount));
    const Drawn found = drawn(rate, x, dy);
    for (size_t i = 0; i < kCount; ++i) {
      const double scale = mask[i] == 0 ? 0 : 1 / p;
      ASSERT_NEAR(static_cast<double>(mask[i]), scale, 1e-6 * scale);
      ASSERT_NEAR(static_cast<double>(found.y[i]), static_cast<double>(x[i]) * scale, 4e-6);
      ASSERT_NEAR(static_cast<double>(found.dx[i]), static_cast<double>(dy[i]) * scale, 4e-6);
    }
  }
}

}  // namespace dropout_test
}  // namespace cornu::inline v0
