#include "cornu/kernels/columns.h"

#include <functional>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace columns_test {

constexpr int64_t kLines = 7;

/// kLines lines of `cols` numbers, each followed by two numbers of padding, and one number per
/// column in each of a, b, c, d.
struct Inputs {
  int64_t cols;
  std::vector<float> x, dy, before;  // (kLines, cols + 2)
  std::vector<float> a, b, c, d;     // (cols)
  int64_t row() const { return cols + 2; }
};

/// Widths 0 to 69, each once with plain numbers and zeros and once with special values mixed in.
std::vector<Inputs> inputs() {
  Draw draw(11);
  const auto specials = special_values();
  std::vector<Inputs> all;
  for (int64_t cols = 0; cols < 70; ++cols) {
    for (const bool special : {false, true}) {
      const auto numbers = [&](int64_t size) {
        auto values = draw.floats(size, -2, 2);
        for (float& value : values) {
          if (draw.below(8) == 0) value = 0;
          if (special && draw.below(3) == 0) {
            value =
                specials[static_cast<size_t>(draw.below(static_cast<int64_t>(specials.size())))];
          }
        }
        return values;
      };
      const int64_t size = kLines * (cols + 2);
      all.push_back({cols, numbers(size), numbers(size), numbers(size), numbers(cols),
                     numbers(cols), numbers(cols), numbers(cols)});
    }
  }
  return all;
}

using Kernel = std::function<void(const Table&, const Inputs&, float* y, bool accumulate)>;

const std::vector<std::pair<std::string, Kernel>>& kernels() {
  static const std::vector<std::pair<std::string, Kernel>> all = {
      {"scale_columns",
       [](const Table& t, const Inputs& i, float* y, bool accumulate) {
         t.scale_columns({i.x.data(), i.row() - 1, y, i.row(), kLines, i.cols, i.a.data(),
                          i.b.data(), i.c.data(), accumulate});
       }},
      {"scale_columns, no mean",
       [](const Table& t, const Inputs& i, float* y, bool accumulate) {
         t.scale_columns({i.x.data(), i.row() - 1, y, i.row(), kLines, i.cols, nullptr, i.b.data(),
                          i.c.data(), accumulate});
       }},
      {"scale_columns, no shift",
       [](const Table& t, const Inputs& i, float* y, bool accumulate) {
         t.scale_columns({i.x.data(), i.row() - 1, y, i.row(), kLines, i.cols, i.a.data(),
                          i.b.data(), nullptr, accumulate});
       }},
      {"normalize_back",
       [](const Table& t, const Inputs& i, float* y, bool accumulate) {
         t.normalize_back({i.x.data(), i.row() - 1, i.dy.data(), i.row() - 2, y, i.row(), kLines,
                           i.cols, i.a.data(), i.b.data(), i.c.data(), i.d.data(), accumulate});
       }},
      {"line_back",
       [](const Table& t, const Inputs& i, float* y, bool accumulate) {
         for (const bool scaled : {false, true}) {
           t.line_back({i.x.data(), i.dy.data(), scaled ? i.a.data() : nullptr,
                        y + (scaled ? i.row() : 0), i.cols, 0.25F, 1.75F, -0.5F, 0.375F,
                        accumulate});
         }
       }},
      {"parametric_relu",
       [](const Table& t, const Inputs& i, float* y, bool) {
         t.parametric_relu({i.x.data(), i.a.data(), y, kLines, i.row(), i.cols});
       }},
      {"parametric_relu_back",
       [](const Table& t, const Inputs& i, float* y, bool accumulate) {
         t.parametric_relu_back(
             {i.x.data(), i.a.data(), i.dy.data(), y, kLines, i.row(), i.cols, accumulate});
       }},
      {"parametric_relu_alpha", [](const Table& t, const Inputs& i, float* y, bool) {
         t.parametric_relu_alpha({i.x.data(), i.dy.data(), y, kLines, i.row(), i.cols});
       }}};
  return all;
}

TEST(Columns, HaveTheSameBitsEverywhere) {
  const FloatMode mode;
  for (const Inputs& in : inputs()) {
    for (const auto& [kernel, run] : kernels()) {
      for (const bool accumulate : {false, true}) {
        const auto made = [&, &kernel = kernel, &run = run](const Table& t, int64_t offset) {
          Guarded y(in.before, offset);
          run(t, in, y.data(), accumulate);
          EXPECT_TRUE(y.intact()) << kernel;
          return y.values();
        };
        const std::vector<float> expected = made(reference_table<float>(), 0);
        for (int64_t i = 0; i < kLines; ++i) {  // the numbers between lines are unchanged
          for (int64_t j = in.cols; j < in.row(); ++j) {
            const auto at = static_cast<size_t>(i * in.row() + j);
            ASSERT_TRUE(same_bits(expected[at], in.before[at])) << kernel;
          }
        }
        for (const NamedTable& t : all_tables()) {
          ASSERT_TRUE(same_bits(made(*t.kernels, 1), expected))
              << kernel << " on " << t.name << ", " << in.cols << " columns";
        }
      }
    }
  }
}

TEST(Columns, AreTheirFormulas) {
  const std::vector<float> x = {3, -2, 0, -4};
  const std::vector<float> dy = {5, 7, 11, 0.5F};
  const std::vector<float> alpha = {0.5F, 0.25F};
  const std::vector<float> mean = {1, 2}, scale = {2, 4}, shift = {10, 20}, slope = {3, 0.5F};
  const auto made = [&](const auto& kernel, std::vector<float> y = {0, 0, 0, 0}) {
    kernel(reference_table<float>(), y.data());
    return y;
  };
  using Floats = std::vector<float>;
  EXPECT_EQ(
      made([&](const Table& t, float* y) {
        t.scale_columns({x.data(), 2, y, 2, 2, 2, mean.data(), scale.data(), shift.data(), false});
      }),
      (Floats{14, 4, 8, -4}));
  EXPECT_EQ(made([&](const Table& t, float* y) {
              t.normalize_back({x.data(), 2, dy.data(), 2, y, 2, 2, 2, mean.data(), scale.data(),
                                shift.data(), slope.data(), false});
            }),
            (Floats{-22, -44, 8, -66}));
  EXPECT_EQ(made([&](const Table& t, float* y) {
              t.line_back({x.data(), dy.data(), scale.data(), y, 2, 1, 2, 3, 0.5F, false});
            }),
            (Floats{10, 56, 0, 0}));
  EXPECT_EQ(made([&](const Table& t, float* y) {
              t.parametric_relu({x.data(), alpha.data(), y, 2, 2, 2});
            }),
            (Floats{3, -0.5F, 0, -1}));
  EXPECT_EQ(made([&](const Table& t, float* y) {
              t.parametric_relu_back({x.data(), alpha.data(), dy.data(), y, 2, 2, 2, false});
            }),
            (Floats{5, 1.75F, 0, 0.125F}));
  EXPECT_EQ(made(
                [&](const Table& t, float* y) {
                  t.parametric_relu_alpha({x.data(), dy.data(), y, 2, 2, 2});
                },
                {1, 2, 0, 0}),
            (Floats{1, -14, 0, 0}));
}

}  // namespace columns_test
}  // namespace cornu::inline v0::kernels
