#pragma once

#include <cstdint>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/metrics/confusion_matrix.h"

namespace cornu::inline v0 {

/// A row of scikit-learn's classification report; 0 where there is nothing to divide by.
struct ClassScore {
  double precision = 0, recall = 0, f1 = 0;
  int64_t support = 0;  ///< samples of the class
};

/// The scores of each class, and their means.
struct ClassScores {
  std::vector<ClassScore> classes;
  ClassScore macro;     ///< mean over the classes that have samples or were predicted
  ClassScore weighted;  ///< the same weighted by support
  double accuracy = 0;
};

CORNU_API ClassScores class_scores(const ConfusionMatrix& matrix);

/// Samples of one class that were taken for another.
struct Confusion {
  int64_t true_class = 0, predicted_class = 0, count = 0;
};

/// The most frequent ones, at most `most`; of equal counts the lower classes first.
CORNU_API std::vector<Confusion> largest_confusions(const ConfusionMatrix& matrix, size_t most);

}  // namespace cornu::inline v0
