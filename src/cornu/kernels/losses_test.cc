#include <gtest/gtest.h>

#include <functional>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace losses_test {

constexpr int64_t kCols[] = {1, 2, 3, 5, 8, 10, 15, 16, 17, 31, 33, 64};
/// One row, whole vectors of rows for every target, and some with a remainder.
constexpr int64_t kRows[] = {1, 3, 4, 8, 16, 21};

constexpr LossFunction kFunctions[] = {LossFunction::squared_error,
                                       LossFunction::absolute_error,
                                       LossFunction::absolute_percentage_error,
                                       LossFunction::squared_logarithmic_error,
                                       {LossFunction::huber, 0.75},
                                       LossFunction::log_cosh,
                                       LossFunction::hinge,
                                       LossFunction::squared_hinge,
                                       LossFunction::kl_divergence,
                                       LossFunction::poisson,
                                       LossFunction::binary_crossentropy,
                                       LossFunction::binary_crossentropy_of_logits};
static_assert(has_each_kind(kFunctions, std::size(LossFunction::kFacts)));

template <class T>
struct Given {
  int64_t rows, cols;
  const T* p;
  const T* t;
};

/// A loss, forward and backward. `positive`: needs targets and predictions above 0.
template <class T>
struct Operation {
  std::string name;
  std::function<void(const TableOf<T>&, const Given<T>&, T* loss)> run;
  std::function<void(const TableOf<T>&, const Given<T>&, T* dp, T scale, bool accumulate)> back;
  bool positive = false;
};

template <class T>
std::vector<Operation<T>> operations() {
  std::vector<Operation<T>> all;
  for (const LossFunction& f : kFunctions) {
    const bool positive = f.kind == LossFunction::squared_logarithmic_error ||
                          f.kind == LossFunction::kl_divergence ||
                          f.kind == LossFunction::poisson ||
                          f.kind == LossFunction::binary_crossentropy;
    all.push_back({std::string(name(f)),
                   [f](const TableOf<T>& table, const Given<T>& g, T* loss) {
                     table.element_loss({f, g.p, g.t, loss, g.rows, g.cols});
                   },
                   [f](const TableOf<T>& table, const Given<T>& g, T* dp, T scale, bool more) {
                     table.element_loss_back({f, g.p, g.t, dp, scale, g.rows, g.cols, more});
                   },
                   positive});
  }
  all.push_back({"categorical_hinge",
                 [](const TableOf<T>& table, const Given<T>& g, T* loss) {
                   table.categorical_hinge({g.p, g.t, loss, g.rows, g.cols});
                 },
                 [](const TableOf<T>& table, const Given<T>& g, T* dp, T scale, bool more) {
                   table.categorical_hinge_back({g.p, g.t, dp, scale, g.rows, g.cols, more});
                 }});
  all.push_back({"cosine_similarity",
                 [](const TableOf<T>& table, const Given<T>& g, T* loss) {
                   table.cosine_similarity({g.p, g.t, loss, g.rows, g.cols});
                 },
                 [](const TableOf<T>& table, const Given<T>& g, T* dp, T scale, bool more) {
                   table.cosine_similarity_back({g.p, g.t, dp, scale, g.rows, g.cols, more});
                 }});
  return all;
}

struct Inputs {
  int64_t rows, cols;
  std::vector<float> p, t, before;
};

/// The results of a table: the loss, the gradient, and the gradient added to `before`.
template <class T>
std::vector<std::vector<T>> results(const Operation<T>& operation, const TableOf<T>& table,
                                    const Inputs& in, int64_t offset = 0) {
  const auto wide = [](const std::vector<float>& x) { return std::vector<T>(x.begin(), x.end()); };
  GuardedOf<T> p(wide(in.p), offset);
  GuardedOf<T> t(wide(in.t), offset);
  GuardedOf<T> loss(std::vector<T>(static_cast<size_t>(in.rows)), offset);
  GuardedOf<T> assigned(wide(in.before), offset);
  GuardedOf<T> added(wide(in.before), offset);
  const Given<T> given{in.rows, in.cols, p.data(), t.data()};
  operation.run(table, given, loss.data());
  operation.back(table, given, assigned.data(), T{0.125}, false);
  operation.back(table, given, added.data(), T{0.125}, true);
  EXPECT_TRUE(p.intact() && t.intact() && loss.intact() && assigned.intact() && added.intact())
      << operation.name;
  return {loss.values(), assigned.values(), added.values()};
}

void expect_same_bits_everywhere(const Operation<float>& operation, const Inputs& in) {
  const auto expected = results(operation, reference_table<float>(), in);
  for (const NamedTable& t : all_tables()) {
    for (int64_t offset : {0, 1}) {
      const auto found = results(operation, *t.kernels, in, offset);
      for (size_t i = 0; i < expected.size(); ++i) {
        EXPECT_TRUE(same_bits(found[i], expected[i]))
            << operation.name << " " << i << " on " << t.name << ", " << in.rows << "x" << in.cols;
      }
    }
  }
}

Inputs draw_inputs(Draw& draw, int64_t rows, int64_t cols, float low) {
  const int64_t size = rows * cols;
  return {rows, cols, draw.floats(size, low, 0.95F), draw.floats(size, low, 0.95F),
          draw.floats(size, -1, 1)};
}

TEST(Losses, HaveTheSameBitsEverywhereAndAreCloseToDouble) {
  const FloatMode mode;
  Draw draw(1);
  const auto narrow = operations<float>();
  const auto wide = operations<double>();
  for (int64_t cols : kCols) {
    for (int64_t rows : kRows) {
      for (size_t i = 0; i < narrow.size(); ++i) {
        const Inputs in = draw_inputs(draw, rows, cols, narrow[i].positive ? 0.05F : -0.95F);
        expect_same_bits_everywhere(narrow[i], in);
        const auto found = results(narrow[i], reference_table<float>(), in);
        const auto exact = results(wide[i], reference_table<double>(), in);
        for (size_t k = 0; k < exact.size(); ++k) {
          EXPECT_TRUE(close(found[k], exact[k], 3e-6, 1e-5)) << narrow[i].name << " " << k;
        }
      }
    }
  }
}

TEST(Losses, HaveTheSameBitsAtKinksClipsAndSpecialValues) {
  const FloatMode mode;
  std::vector<float> values = special_values();
  for (float each : {1e-8F, 1e-7F, 2e-7F, 0.5F, -0.5F, 0.75F, 1.0F - 1e-7F, 0.99999994F, 2.0F,
                     -2.0F, 1e-20F, -1e-20F, 1e4F, 100.0F, -100.0F}) {
    values.push_back(each);
  }
  Draw draw(2);
  const auto pick = [&] {
    return values[static_cast<size_t>(draw.below(static_cast<int64_t>(values.size())))];
  };
  for (int64_t cols : kCols) {
    for (int64_t rows : {int64_t{7}, int64_t{21}}) {
      Inputs in = draw_inputs(draw, rows, cols, -1);
      for (float& value : in.p) value = draw.below(2) == 0 ? pick() : value;
      for (float& value : in.t) value = draw.below(2) == 0 ? pick() : value;
      // Exact hits.
      for (size_t i = 0; i < in.p.size(); i += 5) in.t[i] = in.p[i];
      for (const auto& operation : operations<float>()) expect_same_bits_everywhere(operation, in);
    }
  }
}

TEST(Losses, KeepTheSignsOfZeros) {
  const FloatMode mode;
  const float values[] = {0, -0.0F, 1e-25F, -1e-25F, 1, -1};
  Draw draw(3);
  for (int64_t cols : kCols) {
    Inputs in = draw_inputs(draw, 21, cols, -1);
    for (std::vector<float>* some : {&in.p, &in.t, &in.before}) {
      for (float& value : *some) value = values[draw.below(6)];
    }
    for (const auto& operation : operations<float>()) expect_same_bits_everywhere(operation, in);
  }
}

TEST(Losses, KeepANaN) {
  const FloatMode mode;
  for (const auto& operation : operations<float>()) {
    for (bool in_target : {false, true}) {
      Inputs in{1, 20, std::vector<float>(20, 0.5F), std::vector<float>(20, 0.25F),
                std::vector<float>(20)};
      (in_target ? in.t : in.p)[18] = std::numeric_limits<float>::quiet_NaN();
      for (const NamedTable& t : all_tables()) {
        EXPECT_TRUE(std::isnan(results(operation, *t.kernels, in)[0][0]))
            << operation.name << " on " << t.name;
      }
    }
  }
}

/// Central differences of the loss in float64, away from kinks.
TEST(Losses, GradientsAreTheirDerivatives) {
  Draw draw(4);
  constexpr double kStep = 1e-6;
  int64_t count = 0;
  for (const auto& operation : operations<double>()) {
    for (int64_t cols : {1, 3, 17}) {
      Inputs in = draw_inputs(draw, 1, cols, operation.positive ? 0.05F : -0.95F);
      const auto gradient = results(operation, reference_table<double>(), in)[1];
      std::vector<double> p = to_double(in.p);
      const std::vector<double> t = to_double(in.t);
      for (size_t j = 0; j < p.size(); ++j) {
        const double at = p[j];
        double loss[2];
        for (int side : {0, 1}) {
          p[j] = at + (side == 0 ? -kStep : kStep);
          operation.run(reference_table<double>(), {1, cols, p.data(), t.data()}, &loss[side]);
        }
        p[j] = at;
        const double expected = 0.125 * (loss[1] - loss[0]) / (2 * kStep);
        EXPECT_NEAR(gradient[j], expected, 1e-7 * (1 + std::abs(expected)))
            << operation.name << " " << j << " of " << cols;
        ++count;
      }
    }
  }
  EXPECT_EQ(count, 14 * 21);
}

TEST(ElementLoss, OfASmallErrorKeepsItsDigits) {
  const FloatMode mode;
  const std::vector<float> p = {1e-3F, -1e-3F};
  const std::vector<float> t = {0, 0};
  for (const NamedTable& table : all_tables()) {
    float loss = 0;
    table.kernels->element_loss({LossFunction::log_cosh, p.data(), t.data(), &loss, 1, 2});
    EXPECT_NEAR(loss, 5e-7, 5e-10) << table.name;  // x²/2 − x⁴/12
  }
}

TEST(CosineSimilarity, OfAZeroVectorHasAFiniteGradient) {
  const FloatMode mode;
  const std::vector<float> p = {0, 0};
  const std::vector<float> t = {3, 4};
  for (const NamedTable& table : all_tables()) {
    float loss = 1;
    std::vector<float> dp(2);
    table.kernels->cosine_similarity({p.data(), t.data(), &loss, 1, 2});
    table.kernels->cosine_similarity_back({p.data(), t.data(), dp.data(), 1, 1, 2, false});
    EXPECT_EQ(loss, 0) << table.name;
    EXPECT_TRUE(close(dp, {-6e6, -8e6}, 1e-6, 0)) << table.name;
  }
}

}  // namespace losses_test
}  // namespace cornu::inline v0::kernels
