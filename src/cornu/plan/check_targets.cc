#include "cornu/plan/check_targets.h"

#include <cmath>
#include <limits>
#include <span>
#include <type_traits>

namespace cornu::inline v0 {
namespace {

// Tolerances for the rounding errors of scaled or normalized targets.
constexpr double kRounding = 1e-5;
constexpr double kMostOfShares = 1.01;

// The first element that is not good. Tests many at once, without a branch for each.
template <class T, class Good>
int64_t first_bad(std::span<const T> values, const Good& good) {
  constexpr size_t kTogether = 64;
  size_t i = 0;
  for (uint32_t bad = 0; i + kTogether <= values.size(); i += kTogether) {
    for (size_t j = 0; j < kTogether; ++j) bad |= good(values[i + j]) ? 0U : 1U;
    if (bad != 0) break;
  }
  for (; i < values.size(); ++i) {
    if (!good(values[i])) return static_cast<int64_t>(i);
  }
  return -1;
}

// NaN is outside every range.
template <class T>
int64_t first_not_within(std::span<const T> values, double low, double high) {
  using Number = std::conditional_t<std::is_same_v<T, float>, float, double>;
  const auto least = static_cast<Number>(low);
  const auto most = static_cast<Number>(high);
  return first_bad(values, [least, most](T value) {
    const auto number = static_cast<Number>(value);
    return (number >= least) & (number <= most);
  });
}

// Shares of classes, or one class times a weight of either sign, as in policy gradients.
template <class T>
bool are_shares(std::span<const T> line) {
  bool within = true;
  double sum = 0;
  double largest = 0;
  size_t others = 0;  // elements other than 0
  for (const T value : line) {
    const auto number = static_cast<double>(value);
    within &= number >= -kRounding;
    sum += number;
    largest = std::abs(number) > largest ? std::abs(number) : largest;
    others += number == 0 ? 0 : 1;
  }
  return (within && sum <= kMostOfShares) ||
         (others == 1 && sum == sum && largest <= std::numeric_limits<float>::max());
}

template <class T>
int64_t first_line_without_shares(std::span<const T> values, size_t width) {
  for (size_t begin = 0; begin < values.size(); begin += width) {
    if (!are_shares(values.subspan(begin, width))) return static_cast<int64_t>(begin);
  }
  return -1;
}

template <class T>
int64_t first_in(std::span<const T> values, size_t width, TargetDomain domain) {
  switch (domain) {
    case TargetDomain::any:
      return -1;
    case TargetDomain::unit:
      return first_not_within(values, -kRounding, 1 + kRounding);
    case TargetDomain::signed_unit:
      return first_not_within(values, -1 - kRounding, 1 + kRounding);
    case TargetDomain::not_negative:
      return first_not_within(values, -kRounding,
                              static_cast<double>(std::numeric_limits<float>::max()));
    case TargetDomain::signs:
      return first_bad(values, [](T value) {
        const auto number = static_cast<double>(value);
        return (number == 0) | (number == 1) | (number == -1);
      });
    case TargetDomain::shares:
      return first_line_without_shares(values, width);
  }
  return -1;
}

}  // namespace

int64_t first_without_meaning(TensorView targets, TargetDomain domain) {
  const auto width =
      targets.shape().ndim() < 2 ? size_t{1} : static_cast<size_t>(targets.shape().back());
  switch (targets.dtype()) {
    case DType::uint8:
      return first_in(targets.span<uint8_t>(), width, domain);
    case DType::int32:
      return first_in(targets.span<int32_t>(), width, domain);
    case DType::int64:
      return first_in(targets.span<int64_t>(), width, domain);
    case DType::float32:
      return first_in(targets.span<float>(), width, domain);
    case DType::float64:
      return first_in(targets.span<double>(), width, domain);
  }
  return -1;
}

Words words_of(TargetDomain domain) {
  switch (domain) {
    case TargetDomain::any:
      return {"", ""};
    case TargetDomain::unit:
      return {"targets from 0 to 1",
              "labels of several classes go with sparse_categorical_crossentropy, other numbers "
              "with mean_squared_error"};
    case TargetDomain::not_negative:
      return {"targets of 0 or more", "numbers of either sign go with mean_squared_error"};
    case TargetDomain::signs:
      return {"targets -1 or 1, or 0 or 1",
              "labels of several classes go with "
              "sparse_categorical_crossentropy"};
    case TargetDomain::signed_unit:
      return {"targets from -1 to 1", "labels go with sparse_categorical_crossentropy"};
    case TargetDomain::shares:
      return {"rows of numbers from 0 that add up to 1, or one number and zeros",
              "divide a row by its sum, and give the sample's weight as sample_weight; several "
              "classes at once go with binary_crossentropy"};
  }
  return {"", ""};
}

}  // namespace cornu::inline v0
