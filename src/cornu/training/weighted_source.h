#pragma once

#include <map>

#include "cornu/core/source.h"

namespace cornu::inline v0 {

/// Weights of classes by their number; the others have weight 1.
using ClassWeight = std::map<int64_t, double>;

/// The samples of another source, each with its weight there times the weight given for it, times
/// the weight given for its class: the label, or the position of the largest target.
class CORNU_API WeightedSource final : public Source {
 public:
  /// `sample_weight` (size,) may be empty. The source must outlive it. Error unless weights are one
  /// per sample, finite and at least 0; and for class weights if there are several targets.
  WeightedSource(const Source& source, Tensor sample_weight, ClassWeight class_weight);

  Spec spec() const override;
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override;
  TensorView stored_x(size_t i) const override { return source_.stored_x(i); }
  void prefetch(std::span<const uint64_t> ids) const override { source_.prefetch(ids); }

 private:
  const Source& source_;
  const Spec inner_;
  Tensor sample_weight_;
  ClassWeight class_weight_;
};

/// Multiplies the weights of rows [begin, end) by those of their classes.
CORNU_API void weigh_by_class(const ClassWeight& class_weight, int64_t begin, int64_t end,
                              Batch& batch);
/// Error for class weights that are not finite or below 0, and unless there is exactly one target.
CORNU_API void check_class_weight(const ClassWeight& class_weight, const Spec& spec);

}  // namespace cornu::inline v0
