#include <gtest/gtest.h>

#include <functional>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace elementwise_test {

constexpr Combination kCombinations[] = {
    Combination::add,    Combination::subtract,   Combination::multiply,
    Combination::divide, Combination::maximum,    Combination::minimum,
    Combination::less,   Combination::less_equal, Combination::where};

/// Two inputs, a gradient, and the earlier values of the output.
struct Inputs {
  std::vector<float> a, b, dy, before;
  int64_t size() const { return static_cast<int64_t>(a.size()); }
};

using Kernel = std::function<void(const Table&, const Inputs&, float* y, bool accumulate)>;

/// Every table gives the reference's bits, writes nothing else, and adds if it has to.
void expect_same_bits(const Kernel& run, const Inputs& in, const std::string& what) {
  for (const bool accumulate : {false, true}) {
    const auto result = [&](const Table& t) {
      Guarded y(in.before, 1);
      run(t, in, y.data(), accumulate);
      EXPECT_TRUE(y.intact()) << what;
      return y.values();
    };
    const auto expected = result(reference_table<float>());
    for (const NamedTable& t : all_tables()) {
      EXPECT_TRUE(same_bits(result(*t.kernels), expected)) << what << ", " << t.name;
    }
  }
}

std::vector<Inputs> inputs() {
  Draw draw(3);
  std::vector<Inputs> all;
  for (int64_t size = 0; size < 70; ++size) {
    const auto some = [&] { return draw.floats(size, -4, 4); };
    all.push_back({some(), some(), some(), some()});
    // Equal in some places, so that maximum and minimum have to choose.
    for (size_t i = 0; i < all.back().a.size(); i += 3) all.back().b[i] = all.back().a[i];
  }
  Inputs special;
  for (const float a : special_values()) {
    for (const float b : special_values()) {
      special.a.push_back(a);
      special.b.push_back(b);
      special.dy.push_back(b);
      special.before.push_back(1);
    }
  }
  all.push_back(special);
  return all;
}

TEST(Elementwise, HasTheSameBitsEverywhere) {
  const FloatMode mode;
  for (const Inputs& in : inputs()) {
    const Kernel affine = [](const Table& t, const Inputs& i, float* y, bool accumulate) {
      t.affine({i.a.data(), y, i.size(), 0.75F, -1.5F, accumulate});
    };
    expect_same_bits(affine, in, "affine");
    for (const Combination how : kCombinations) {
      const Kernel combine = [how](const Table& t, const Inputs& i, float* y, bool accumulate) {
        t.combine({how, i.a.data(), i.b.data(), y, i.size(), accumulate});
      };
      expect_same_bits(combine, in, "combine");
      for (const bool second : {false, true}) {
        const Kernel back = [&](const Table& t, const Inputs& i, float* y, bool accumulate) {
          t.chosen_back(
              {how, second, i.a.data(), i.b.data(), i.dy.data(), y, i.size(), accumulate});
        };
        if (how == Combination::maximum || how == Combination::minimum) {
          expect_same_bits(back, in, "chosen_back");
        }
      }
    }
  }
}

TEST(Elementwise, CombinesAsItsNameSays) {
  const std::vector<float> a = {1, 2, -3, 5};
  const std::vector<float> b = {4, 2, -6, 0.5F};
  const std::vector<float> expected[] = {{5, 4, -9, 5.5F},     {-3, 0, 3, 4.5F}, {4, 4, 18, 2.5F},
                                         {0.25F, 1, 0.5F, 10}, {4, 2, -3, 5},    {1, 2, -6, 0.5F},
                                         {1, 0, 0, 0},         {1, 1, 0, 0},     {1, 2, -3, 5}};
  for (size_t i = 0; i < std::size(kCombinations); ++i) {
    std::vector<float> y(4);
    reference_table<float>().combine({kCombinations[i], a.data(), b.data(), y.data(), 4, false});
    EXPECT_EQ(y, expected[i]);
  }
}

TEST(Elementwise, WhereLeavesOutWhatIsNotChosen) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const NamedTable& t : all_tables()) {
    const std::vector<float> a = {kInfinity, std::numeric_limits<float>::quiet_NaN(), 3};
    const std::vector<float> b = {0, 0, -2};
    std::vector<float> y(3);
    t.kernels->combine({Combination::where, a.data(), b.data(), y.data(), 3, false});
    EXPECT_TRUE(same_bits(y, {0, 0, 3})) << t.name;
  }
}

TEST(Elementwise, TheGradientGoesToTheChosenInput) {
  const std::vector<float> a = {1, 2, 3};
  const std::vector<float> b = {4, 2, 1};
  const std::vector<float> dy = {10, 20, 30};
  const auto back = [&](Combination how, bool second) {
    std::vector<float> dx(3);
    reference_table<float>().chosen_back(
        {how, second, a.data(), b.data(), dy.data(), dx.data(), 3, false});
    return dx;
  };
  EXPECT_EQ(back(Combination::maximum, false), (std::vector<float>{0, 20, 30}));
  EXPECT_EQ(back(Combination::maximum, true), (std::vector<float>{10, 0, 0}));
  EXPECT_EQ(back(Combination::minimum, false), (std::vector<float>{10, 20, 0}));
  EXPECT_EQ(back(Combination::minimum, true), (std::vector<float>{0, 0, 30}));
}

TEST(Elementwise, CopiesRowsThatLieApart) {
  Draw draw(4);
  for (int64_t cols = 0; cols < 40; ++cols) {
    const int64_t rows = 3;
    const auto x = draw.floats(rows * (cols + 5), -1, 1);
    const auto before = draw.floats(rows * (cols + 2), -1, 1);
    for (const bool accumulate : {false, true}) {
      auto expected = before;
      for (int64_t i = 0; i < rows; ++i) {
        for (int64_t j = 0; j < cols; ++j) {
          float& y = expected[static_cast<size_t>(i * (cols + 2) + j)];
          y = x[static_cast<size_t>(i * (cols + 5) + j)] + (accumulate ? y : 0);
        }
      }
      for (const NamedTable& t : all_tables()) {
        Guarded y(before);
        t.kernels->copy({x.data(), cols + 5, y.data(), cols + 2, rows, cols, accumulate});
        EXPECT_TRUE(y.intact());
        EXPECT_TRUE(same_bits(y.values(), expected)) << t.name;
      }
    }
  }
}

TEST(Elementwise, AddsPartsInOrder) {
  Draw draw(5);
  for (int64_t size = 0; size < 40; ++size) {
    for (const int64_t parts : {1, 2, 5}) {
      std::vector<std::vector<float>> x;
      std::vector<const float*> at;
      for (int64_t part = 0; part < parts; ++part) {
        x.push_back(draw.floats(size, -1, 1));
        at.push_back(x.back().data());
      }
      const auto before = draw.floats(size, -1, 1);
      for (const bool accumulate : {false, true}) {
        std::vector<float> expected(before.size());
        for (size_t i = 0; i < expected.size(); ++i) {
          float sum = accumulate ? before[i] + x[0][i] : x[0][i];
          for (size_t part = 1; part < x.size(); ++part) sum += x[part][i];
          expected[i] = sum;
        }
        for (const NamedTable& t : all_tables()) {
          Guarded y(before);
          t.kernels->add_parts({at.data(), parts, y.data(), size, accumulate});
          EXPECT_TRUE(y.intact());
          EXPECT_TRUE(same_bits(y.values(), expected)) << t.name;
        }
      }
    }
  }
  for (const NamedTable& t : all_tables()) {
    const float zero = -0.0F;
    const float* const x[] = {&zero, &zero};
    float y = 1;
    t.kernels->add_parts({x, 2, &y, 1, false});
    EXPECT_FALSE(std::signbit(y)) << t.name;
  }
}

}  // namespace elementwise_test
}  // namespace cornu::inline v0::kernels
