#pragma once

namespace cornu::inline v0 {

/// The valid target values of a loss or a metric.
enum class TargetDomain {
  any,
  unit,          ///< 0 to 1: probabilities of yes
  not_negative,  ///< 0 or more: counts, rates
  signs,         ///< −1, 0 or 1: labels of two classes, 0 or −1 for the first
  signed_unit,   ///< −1 to 1: class labels (one-hot or ±1) or class shares
  /// Lines along the last axis: numbers of 0 or more with a sum of at most 1, or one nonzero
  /// number: a one-hot class times the weight of its sample.
  shares,
};

}  // namespace cornu::inline v0
