#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

struct PiecewiseConstantDecayOptions {
  std::vector<int64_t> boundaries = {};  ///< last step of each value but the last, ascending
  std::vector<double> values = {0.01};   ///< learning rates, one more than boundaries

  static void visit_fields(auto& self, auto& v) {
    v("boundaries", self.boundaries);
    v("values", self.values);
  }
};

/// A rate for each stretch of steps: values[i] up to and including step boundaries[i]; the last
/// value after the last boundary. Error unless boundaries ascend, values has one element more, and
/// no value is negative.
class CORNU_API PiecewiseConstantDecay final : public LearningRate {
 public:
  static constexpr std::string_view kName = "PiecewiseConstantDecay";
  using Options = PiecewiseConstantDecayOptions;
  explicit PiecewiseConstantDecay(PiecewiseConstantDecayOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit PiecewiseConstantDecay(std::vector<int64_t> boundaries,
                                  std::vector<double> values = {0.01})
      : PiecewiseConstantDecay(PiecewiseConstantDecayOptions{.boundaries = std::move(boundaries),
                                                             .values = std::move(values)}) {}
};

}  // namespace cornu::inline v0
