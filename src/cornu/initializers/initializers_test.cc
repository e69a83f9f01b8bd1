#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "cornu/core/error_of_test.h"
#include "cornu/initializers/constant.h"
#include "cornu/initializers/draws.h"
#include "cornu/initializers/orthogonal.h"
#include "cornu/initializers/random.h"
#include "cornu/initializers/variance_scaling.h"

namespace cornu::inline v0 {
namespace initializers_test {

using ::testing::HasSubstr;

struct Moments {
  double mean = 0, stddev = 0, smallest = 0, largest = 0;
};

Moments moments(const Tensor& weight) {
  Moments m{0, 0, 1e30, -1e30};
  const auto values = weight.span<float>();
  for (const float each : values) {
    const auto value = static_cast<double>(each);
    m.mean += value / static_cast<double>(values.size());
    m.smallest = std::min(m.smallest, value);
    m.largest = std::max(m.largest, value);
  }
  for (const float each : values) {
    const double off = static_cast<double>(each) - m.mean;
    m.stddev += off * off / static_cast<double>(values.size());
  }
  m.stddev = std::sqrt(m.stddev);
  return m;
}

TEST(Draws, AreNormal) {
  constexpr int64_t kCount = 400'000;
  double mean = 0;
  double square = 0;
  double fourth = 0;
  int64_t beyond_two = 0;
  for (int64_t i = 0; i < kCount; ++i) {
    const double z = normal_draw(3, static_cast<uint64_t>(i));
    mean += z / kCount;
    square += z * z / kCount;
    fourth += z * z * z * z / kCount;
    beyond_two += std::abs(z) > 2 ? 1 : 0;
    EXPECT_LE(std::abs(truncated_normal_draw(3, static_cast<uint64_t>(i))), 2);
  }
  // Six standard errors of each.
  const double error = 6 / std::sqrt(static_cast<double>(kCount));
  EXPECT_NEAR(mean, 0, error);
  EXPECT_NEAR(square, 1, error * std::sqrt(2));
  EXPECT_NEAR(fourth, 3, error * std::sqrt(96));
  EXPECT_NEAR(static_cast<double>(beyond_two) / kCount, 0.0455003, error * 0.2084);
}

// A second list, so that no initializer is added or lost without its test.
TEST(Initializers, AreTheseAndNoOthers) {
  std::vector<std::string> names;
  for (const InitializerEntry& entry : initializer_table()) names.emplace_back(entry.name);
  EXPECT_THAT(
      names, ::testing::UnorderedElementsAre(
                 "zeros", "ones", "constant", "random_uniform", "random_normal", "truncated_normal",
                 "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform",
                 "lecun_normal", "variance_scaling", "orthogonal", "identity"));
}

struct Case {
  const char* name;
  Shape shape;
  double stddev;  ///< Keras's, of the whole distribution
  double bound;   ///< largest magnitude; 0: unbounded
};

// Fans: (300, 400) has 300 and 400; (3, 3, 20, 50) has 180 and 450; (5000,) has 5000 twice.
TEST(Initializers, HaveKerassBoundsAndVariances) {
  const auto uniform = [](double n) { return std::sqrt(3 / n); };
  const auto cut = [](double n) { return 2 * std::sqrt(1 / n) / 0.87962566103423978; };
  const std::vector<Case> cases = {
      {"random_uniform", {300, 400}, 0.05 / std::sqrt(3), 0.05},
      {"random_normal", {300, 400}, 0.05, 0},
      {"truncated_normal", {300, 400}, 0.05 * 0.87962566103423978, 0.1},
      {"glorot_uniform", {300, 400}, std::sqrt(1 / 350.), uniform(350)},
      {"glorot_normal", {300, 400}, std::sqrt(1 / 350.), cut(350)},
      {"he_uniform", {300, 400}, std::sqrt(2 / 300.), uniform(150)},
      {"he_normal", {300, 400}, std::sqrt(2 / 300.), cut(150)},
      {"lecun_uniform", {300, 400}, std::sqrt(1 / 300.), uniform(300)},
      {"lecun_normal", {300, 400}, std::sqrt(1 / 300.), cut(300)},
      {"he_normal", {3, 3, 200, 50}, std::sqrt(2 / 1800.), cut(900)},
      {"glorot_uniform", {3, 3, 200, 50}, std::sqrt(1 / 1125.), uniform(1125)},
      {"lecun_uniform", {50'000}, std::sqrt(1 / 50'000.), uniform(50'000)},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const Tensor weight = Initializer(each.name).make(each.shape, 11);
    const Moments m = moments(weight);
    const double error = 6 / std::sqrt(static_cast<double>(weight.size()));
    EXPECT_NEAR(m.mean, 0, error * each.stddev);
    EXPECT_NEAR(m.stddev, each.stddev, error * each.stddev);
    if (each.bound == 0) continue;
    EXPECT_LE(std::max(-m.smallest, m.largest), each.bound * (1 + 1e-7));
    EXPECT_GE(std::max(-m.smallest, m.largest), each.bound * 0.999);
  }
}

TEST(Initializers, TakeOptions) {
  const Moments uniform = moments(RandomUniform({.minval = 2, .maxval = 3}).make({400, 100}, 1));
  EXPECT_GE(uniform.smallest, 2);
  EXPECT_LE(uniform.largest, 3);
  EXPECT_NEAR(uniform.mean, 2.5, 0.01);
  const Moments normal = moments(RandomNormal({.mean = -1, .stddev = 0.5}).make({400, 100}, 1));
  EXPECT_NEAR(normal.mean, -1, 0.016);
  EXPECT_NEAR(normal.stddev, 0.5, 0.016);
  const Moments scaled =
      moments(VarianceScaling({.scale = 3, .mode = "fan_out", .distribution = "untruncated_normal"})
                  .make({400, 100}, 1));
  EXPECT_NEAR(scaled.stddev, std::sqrt(3 / 100.), 0.006);
  EXPECT_GT(scaled.largest, 2 * std::sqrt(3 / 100.) / 0.8796);
  EXPECT_EQ(Constant({.value = 0.25}).make({3}, 1).span<float>()[2], 0.25F);
  EXPECT_EQ(Initializer("ones").make({2}, 1).span<float>()[1], 1);
  EXPECT_EQ(Initializer("zeros").make({2}, 1).span<float>()[1], 0);
  const Tensor identity = Identity({.gain = 2}).make({2, 3}, 1);
  EXPECT_THAT(identity.span<float>(), ::testing::ElementsAre(2, 0, 0, 0, 2, 0));
  // With its own seed it does not depend on the weight's key.
  const auto first = [](const Tensor& weight) { return weight.span<float>()[0]; };
  EXPECT_EQ(first(HeNormal({.seed = 3}).make({9, 9}, 1)),
            first(HeNormal({.seed = 3}).make({9, 9}, 2)));
  EXPECT_NE(first(HeNormal().make({9, 9}, 1)), first(HeNormal().make({9, 9}, 2)));
}

TEST(Initializers, OrthogonalIsOrthonormalAlongItsShorterSide) {
  for (const Shape& shape : {Shape{40, 7}, Shape{7, 40}, Shape{12, 12}, Shape{2, 3, 5}}) {
    const Tensor weight = Orthogonal({.gain = 2}).make(shape, 5);
    const int64_t width = shape.back();
    const int64_t lines = shape.size() / width;
    const auto at = [&](int64_t i, int64_t j) { return weight.view().at(i * width + j); };
    const bool is_wide = width > lines;
    const int64_t shorter = std::min(lines, width);
    for (int64_t a = 0; a < shorter; ++a) {
      for (int64_t b = 0; b < shorter; ++b) {
        double sum = 0;
        for (int64_t k = 0; k < std::max(lines, width); ++k) {
          sum += is_wide ? at(a, k) * at(b, k) : at(k, a) * at(k, b);
        }
        EXPECT_NEAR(sum, a == b ? 4 : 0, 1e-6) << shape.str();
      }
    }
  }
}

// Draws of the same key are the same numbers on every machine.
TEST(Initializers, DrawPinnedNumbers) {
  const auto bits = [](const char* name) {
    return std::bit_cast<uint32_t>(Initializer(name).make({4, 3}, 7).span<float>()[5]);
  };
  const std::vector<std::pair<const char*, uint32_t>> pinned = {
      {"random_uniform", 1023150069U},   {"random_normal", 1024602439U},
      {"truncated_normal", 1024602439U}, {"glorot_uniform", 1058133419U},
      {"glorot_normal", 1054742421U},    {"orthogonal", 1064759675U}};
  for (const auto& [name, expected] : pinned) {
    EXPECT_EQ(bits(name), expected) << "{\"" << name << "\", " << bits(name) << "U},";
  }
}

TEST(Initializers, AreMadeFromConfigurations) {
  const auto round_trip = [](const Initializer& x) {
    Initializer y = "zeros";
    from_value(to_value(x), y);
    return y == x;
  };
  EXPECT_TRUE(round_trip("he_normal"));
  EXPECT_TRUE(round_trip(RandomNormal({.stddev = 0.1})));
  EXPECT_TRUE(round_trip(VarianceScaling({.mode = "fan_out"})));
  EXPECT_EQ(to_value(Initializer("he_normal")), Value("he_normal"));
  EXPECT_EQ(Initializer("GlorotNormal").name(), "glorot_normal");
  EXPECT_EQ(Initializer("uniform").name(), "random_uniform");
}

TEST(Initializers, RefuseNonsense) {
  EXPECT_THAT(error_of([] { Initializer("he_norml"); }), HasSubstr("expected one of he_normal"));
  EXPECT_THAT(error_of([] { Initializer("stft"); }), HasSubstr("Keras has \"stft\""));
  EXPECT_THAT(error_of([] { RandomNormal({.stddev = -1}); }), HasSubstr("stddev of 0 or more"));
  EXPECT_THAT(error_of([] { RandomUniform({.minval = 1, .maxval = 0}); }), HasSubstr("minval <="));
  EXPECT_THAT(error_of([] { VarianceScaling({.mode = "fan_inn"}); }), HasSubstr("one of fan_in"));
  EXPECT_THAT(error_of([] { VarianceScaling({.scale = 0}); }), HasSubstr("scale above 0"));
  EXPECT_THAT(error_of([] { Orthogonal().make({3}, 1); }), HasSubstr("two axes or more, got (3,)"));
}

}  // namespace initializers_test
}  // namespace cornu::inline v0
