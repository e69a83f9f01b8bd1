#pragma once

namespace cornu::inline v0 {

/// The numbers that have a meaning as the targets of a loss or a metric.
enum class TargetDomain {
  any,
  unit,          ///< 0 to 1: probabilities of yes
  not_negative,  ///< 0 or more: counts, rates
  signs,         ///< −1, 0 or 1: labels of two classes, 0 or −1 for the first
  signed_unit,   ///< −1 to 1: labels of classes, one-hot or of both signs, or shares of them
  /// Lines along the last axis: numbers of 0 or more that add up to 1 at most, or one number other
  /// than 0, which is a class times the weight of its sample.
  shares,
};

}  // namespace cornu::inline v0
