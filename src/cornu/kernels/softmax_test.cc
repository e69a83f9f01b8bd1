#include <gtest/gtest.h>

#include "cornu/core/float_mode.h"
#include "cornu/core/sanitized_test.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace softmax_test {

constexpr int64_t kCols[] = {1, 2, 3, 4, 5, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 64, 100};
/// One row, whole vectors of rows for every target, and some with a remainder.
constexpr int64_t kRows[] = {1, 3, 4, 7, 8, 16, 21, 29, 43};

/// The arrays for a kernel: two inputs of rows × cols, and the output with its content before the
/// call.
struct Inputs {
  int64_t rows, cols;
  std::vector<float> first, second, before;
};

template <class T>
struct Operation {
  const char* name;
  /// x and its second input, output.
  void (*run)(const TableOf<T>&, int64_t rows, int64_t cols, const T* x, const T* other, T* y);
  bool per_row;  ///< one output per row
};

template <class T>
std::vector<Operation<T>> operations() {
  return {
      {"softmax",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T*, T* y) {
         t.softmax({x, y, rows, cols});
       },
       false},
      {"log_softmax",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T*, T* y) {
         t.log_softmax({x, y, rows, cols});
       },
       false},
      {"log_softmax_back",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.log_softmax_back({x, other, y, rows, cols, false});
       },
       false},
      {"log_softmax_back, accumulated",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.log_softmax_back({x, other, y, rows, cols, true});
       },
       false},
      {"softmax_back",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.softmax_back({x, other, y, rows, cols, false});
       },
       false},
      {"softmax_back, accumulated",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.softmax_back({x, other, y, rows, cols, true});
       },
       false},
      {"softmax_crossentropy",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.softmax_crossentropy({x, other, y, rows, cols});
       },
       true},
      {"softmax_crossentropy_back",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.softmax_crossentropy_back({x, other, y, T{0.125}, rows, cols, false});
       },
       false},
      {"softmax_crossentropy_back, accumulated",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.softmax_crossentropy_back({x, other, y, T{0.125}, rows, cols, true});
       },
       false},
      {"crossentropy",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.crossentropy({x, other, y, rows, cols, false});
       },
       true},
      {"crossentropy, clip first",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.crossentropy({x, other, y, rows, cols, true});
       },
       true},
      {"crossentropy_back",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.crossentropy_back({x, other, y, T{0.125}, rows, cols, false, false});
       },
       false},
      {"crossentropy_back, accumulated",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.crossentropy_back({x, other, y, T{0.125}, rows, cols, false, true});
       },
       false},
      {"crossentropy_back, clip first",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.crossentropy_back({x, other, y, T{0.125}, rows, cols, true, false});
       },
       false},
      {"crossentropy_back, clip first, accumulated",
       [](const TableOf<T>& t, int64_t rows, int64_t cols, const T* x, const T* other, T* y) {
         t.crossentropy_back({x, other, y, T{0.125}, rows, cols, true, true});
       },
       false},
  };
}

std::vector<float> run(const Operation<float>& operation, const Table& t, const Inputs& in,
                       int64_t offset) {
  Guarded x(in.first, offset);
  Guarded other(in.second, offset);
  Guarded y(operation.per_row ? std::vector<float>(static_cast<size_t>(in.rows)) : in.before,
            offset);
  operation.run(t, in.rows, in.cols, x.data(), other.data(), y.data());
  EXPECT_TRUE(x.intact() && other.intact() && y.intact()) << operation.name;
  return y.values();
}

std::vector<double> run_double(const Operation<double>& operation, const Inputs& in) {
  const auto x = to_double(in.first);
  const auto other = to_double(in.second);
  auto y =
      operation.per_row ? std::vector<double>(static_cast<size_t>(in.rows)) : to_double(in.before);
  operation.run(reference_table<double>(), in.rows, in.cols, x.data(), other.data(), y.data());
  return y;
}

void expect_same_bits_everywhere(const Operation<float>& operation, const Inputs& in) {
  const auto expected = run(operation, reference_table<float>(), in, 0);
  for (const NamedTable& t : all_tables()) {
    for (int64_t offset : {0, 1}) {
      EXPECT_TRUE(same_bits(run(operation, *t.kernels, in, offset), expected))
          << operation.name << " on " << t.name << ", " << in.rows << "x" << in.cols;
    }
  }
}

Inputs draw_inputs(Draw& draw, int64_t rows, int64_t cols, float lowest_first) {
  const int64_t size = rows * cols;
  return {rows, cols, draw.floats(size, lowest_first, 1), draw.floats(size, 0, 1),
          draw.floats(size, -1, 1)};
}

TEST(Softmax, AndCrossentropiesHaveTheSameBitsEverywhereAndAreCloseToDouble) {
  const FloatMode mode;
  Draw draw(1);
  const auto wide = operations<double>();
  for (int64_t cols : kCols) {
    for (int64_t rows : kRows) {
      const auto narrow = operations<float>();
      for (size_t i = 0; i < narrow.size(); ++i) {
        // Numbers above 1e-7 serve as probabilities: another test covers the clip.
        const Inputs in = draw_inputs(draw, rows, cols, 0.01F);
        expect_same_bits_everywhere(narrow[i], in);
        const auto scale = static_cast<double>(cols);
        EXPECT_TRUE(close(run(narrow[i], reference_table<float>(), in, 0), run_double(wide[i], in),
                          1e-6 * scale, 2e-6 * scale))
            << narrow[i].name << ", " << rows << "x" << cols;
      }
    }
  }
}

TEST(Softmax, AndCrossentropiesPassSpecialValuesTheSameWay) {
  const FloatMode mode;
  Draw draw(2);
  const auto values = special_values();
  const auto count = static_cast<int64_t>(values.size());
  for (int64_t cols : kCols) {
    for (int round = 0; round < drawn(20); ++round) {
      Inputs in = draw_inputs(draw, kRows[round % std::ssize(kRows)], cols, -1);
      for (std::vector<float>* some : {&in.first, &in.second, &in.before}) {
        for (int64_t row = 0; row < in.rows; row += 2) {
          const auto at = static_cast<size_t>(row * cols + draw.below(cols));
          (*some)[at] = values[static_cast<size_t>(draw.below(count))];
        }
      }
      for (const auto& operation : operations<float>()) expect_same_bits_everywhere(operation, in);
    }
  }
}

TEST(Softmax, AndCrossentropiesKeepTheSignsOfZeros) {
  const FloatMode mode;
  // Products of the small ones come out as −0.
  const float values[] = {0, -0.0F, 1e-25F, -1e-25F, 1, -1};
  Draw draw(5);
  for (int64_t cols : kCols) {
    for (int64_t rows : kRows) {
      Inputs in = draw_inputs(draw, rows, cols, -1);
      for (std::vector<float>* some : {&in.first, &in.second, &in.before}) {
        const int64_t kinds = rows % 2 == 0 ? 6 : 4;
        for (float& value : *some) value = values[draw.below(kinds)];
      }
      // With logits near 0 the loss of two columns underflows to −0.
      if (rows % 4 == 3) std::fill(in.second.begin(), in.second.end(), -0x1p-126F);
      for (const auto& operation : operations<float>()) expect_same_bits_everywhere(operation, in);
    }
  }
}

TEST(Softmax, AndCrossentropiesHaveTheSameBitsAtTheClip) {
  const FloatMode mode;
  const float values[] = {0, 1e-8F, 1e-7F, 2e-7F, 0.5F, 1.0F - 1e-7F, 0.99999994F, 1};
  Draw draw(3);
  for (int64_t cols : kCols) {
    for (int64_t rows : kRows) {
      Inputs in = draw_inputs(draw, rows, cols, 0);
      for (float& value : in.first) value = values[draw.below(8)];
      for (const auto& operation : operations<float>()) expect_same_bits_everywhere(operation, in);
    }
  }
}

TEST(Softmax, OfHugeLogitsIsFiniteAndSumsToOne) {
  const FloatMode mode;
  for (const NamedTable& t : all_tables()) {
    const std::vector<float> x = {1e38F, -1e38F, 1e38F, 0, -1e38F, 3};
    std::vector<float> y(x.size());
    t.kernels->softmax({x.data(), y.data(), 1, 6});
    EXPECT_TRUE(same_bits(y, {0.5F, 0, 0.5F, 0, 0, 0})) << t.name;
    const std::vector<float> ends = {std::numeric_limits<float>::max(),
                                     -std::numeric_limits<float>::max()};
    t.kernels->softmax({ends.data(), y.data(), 1, 2});
    EXPECT_EQ(y[0], 1) << t.name;
    EXPECT_EQ(y[1], 0) << t.name;
  }
}

TEST(Softmax, InPlaceGivesTheSameBits) {
  const FloatMode mode;
  Draw draw(4);
  for (const NamedTable& t : all_tables()) {
    for (int64_t cols : {10, 37}) {
      auto x = draw.floats(19 * cols, -20, 20);
      std::vector<float> y(x.size());
      t.kernels->softmax({x.data(), y.data(), 19, cols});
      t.kernels->softmax({x.data(), x.data(), 19, cols});
      EXPECT_TRUE(same_bits(x, y)) << t.name;
    }
  }
}

TEST(Softmax, KeepsANaN) {
  const FloatMode mode;
  for (const NamedTable& t : all_tables()) {
    std::vector<float> x(20, 1);
    x[18] = std::numeric_limits<float>::quiet_NaN();
    t.kernels->softmax({x.data(), x.data(), 1, 20});
    for (float value : x) EXPECT_TRUE(std::isnan(value)) << t.name;
  }
}

TEST(SoftmaxCrossentropy, OfOneHotTargetsIsMinusTheLogOfTheProbability) {
  const FloatMode mode;
  const std::vector<float> logits = {1, 2, 3};
  const std::vector<float> targets = {0, 0, 1};
  for (const NamedTable& t : all_tables()) {
    float loss = 0;
    t.kernels->softmax_crossentropy({logits.data(), targets.data(), &loss, 1, 3});
    EXPECT_NEAR(loss, std::log(std::exp(-2.0) + std::exp(-1.0) + 1), 1e-7) << t.name;
  }
}

TEST(SoftmaxCrossentropy, MayMaskAClassByMinusInfinity) {
  const FloatMode mode;
  const std::vector<float> logits = {1, -std::numeric_limits<float>::infinity(), 1};
  const std::vector<float> targets = {0, 0, 1};
  for (const NamedTable& t : all_tables()) {
    float loss = 0;
    t.kernels->softmax_crossentropy({logits.data(), targets.data(), &loss, 1, 3});
    EXPECT_NEAR(loss, std::log(2.0), 1e-7) << t.name;
  }
}

TEST(Crossentropy, ClipsAsKerasDoes) {
  const FloatMode mode;
  const std::vector<float> probabilities = {0, 1};
  const std::vector<float> targets = {1, 0};
  for (const NamedTable& t : all_tables()) {
    for (bool clip_first : {false, true}) {
      float loss = 0;
      t.kernels->crossentropy({probabilities.data(), targets.data(), &loss, 1, 2, clip_first});
      EXPECT_NEAR(loss, -std::log(1e-7), 1e-5) << t.name;
      std::vector<float> gradient(2, 7);
      t.kernels->crossentropy_back(
          {probabilities.data(), targets.data(), gradient.data(), 1, 1, 2, clip_first, false});
      EXPECT_EQ(gradient[0], 0) << t.name;
      EXPECT_EQ(gradient[1], 0) << t.name;
    }
  }
}

}  // namespace softmax_test
}  // namespace cornu::inline v0::kernels
