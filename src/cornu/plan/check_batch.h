#pragma once

#include <string>
#include <vector>

#include "cornu/core/source.h"
#include "cornu/plan/plan.h"

namespace cornu::inline v0 {

/// Checks the numbers in a batch before a step uses them: class labels, indices of vectors, and
/// targets outside the domain of a loss or a metric.
class CORNU_API BatchCheck {
 public:
  /// For runs of `plan` on samples of `spec`.
  BatchCheck(const Plan& plan, const Spec& spec);
  /// Error that names the first sample of rows [begin, end) with a number out of range.
  void operator()(const Batch& batch, int64_t begin, int64_t end) const;

 private:
  struct Indices {
    size_t input;  ///< of the network
    Shape sample;
    ops::Decode decode;
    int64_t count;  ///< number of vectors
    std::string layer;
  };
  struct Labels {
    size_t target;
    int64_t classes;
  };

  void check_targets(const Batch& batch, int64_t begin, int64_t end) const;

  std::vector<Indices> indices_;
  std::vector<Labels> labels_;
  std::vector<TargetRule> rules_;  ///< each domain of a target once
};

}  // namespace cornu::inline v0
