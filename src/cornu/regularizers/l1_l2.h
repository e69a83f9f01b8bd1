#pragma once

#include "cornu/regularizers/regularizer.h"

namespace cornu::inline v0 {

struct L1Options {
  double l1 = 0.01;  ///< factor of Σ|w|, ≥ 0

  static void visit_fields(auto& self, auto& v) { v("l1", self.l1); }
};
struct L2Options {
  double l2 = 0.01;  ///< factor of Σw², ≥ 0

  static void visit_fields(auto& self, auto& v) { v("l2", self.l2); }
};
struct L1L2Options {
  double l1 = 0;  ///< factor of Σ|w|, ≥ 0
  double l2 = 0;  ///< factor of Σw², ≥ 0

  static void visit_fields(auto& self, auto& v) {
    v("l1", self.l1);
    v("l2", self.l2);
  }
};

/// A penalty on the magnitudes of a weight w: l1·Σ|w|. Error for a factor that is negative or not
/// finite.
class CORNU_API L1 final : public Regularizer {
 public:
  static constexpr std::string_view kName = "l1";
  using Options = L1Options;
  explicit L1(L1Options options = {});
  /// The first option by position.
  template <class = void>
  explicit L1(double l1) : L1(L1Options{.l1 = l1}) {}
};

/// A penalty on the squares of a weight w: l2·Σw². Error for a factor that is negative or not
/// finite.
class CORNU_API L2 final : public Regularizer {
 public:
  static constexpr std::string_view kName = "l2";
  using Options = L2Options;
  explicit L2(L2Options options = {});
  /// The first option by position.
  template <class = void>
  explicit L2(double l2) : L2(L2Options{.l2 = l2}) {}
};

/// Both penalties on a weight w: l1·Σ|w| + l2·Σw². Error for a factor that is negative or not
/// finite.
class CORNU_API L1L2 final : public Regularizer {
 public:
  static constexpr std::string_view kName = "l1l2";
  using Options = L1L2Options;
  explicit L1L2(L1L2Options options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit L1L2(double l1, double l2 = 0) : L1L2(L1L2Options{.l1 = l1, .l2 = l2}) {}
};

}  // namespace cornu::inline v0
