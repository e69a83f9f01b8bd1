#pragma once

#include <cstdint>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Predictions of about the same confidence: its mean, and the part of them that is right.
struct ReliabilityBin {
  double confidence = 0, accuracy = 0;
  int64_t count = 0;
};

/// Whether probabilities mean what they say: predictions are sorted into bins of equal width by the
/// probability of the predicted class, (0, 1/bins], (1/bins, 2/bins], … (Guo et al., 2017).
class CORNU_API Calibration {
 public:
  explicit Calibration(int64_t bins = 15);
  /// Adds a prediction; one that is not a number is left out.
  void add(double confidence, bool is_right);
  int64_t count() const { return count_; }
  std::vector<ReliabilityBin> bins() const;
  /// The mean distance between confidence and accuracy of a bin, weighted by its predictions.
  double expected_error() const;

 private:
  struct Sums {
    double confidence = 0;
    int64_t right = 0, count = 0;
  };
  std::vector<Sums> sums_;
  int64_t count_ = 0;
};

}  // namespace cornu::inline v0
