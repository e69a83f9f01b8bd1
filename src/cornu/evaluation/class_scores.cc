#include "cornu/evaluation/class_scores.h"

#include <algorithm>

namespace cornu::inline v0 {
namespace {

double share(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

void add_score(ClassScore& sum, const ClassScore& each, double weight) {
  sum.precision += weight * each.precision;
  sum.recall += weight * each.recall;
  sum.f1 += weight * each.f1;
}

}  // namespace

ClassScores class_scores(const ConfusionMatrix& matrix) {
  const auto classes = static_cast<size_t>(matrix.classes());
  std::vector<double> support(classes), predicted(classes);
  double right = 0, all = 0;
  for (size_t row = 0; row < classes; ++row) {
    for (size_t column = 0; column < classes; ++column) {
      const double count = matrix(static_cast<int64_t>(row), static_cast<int64_t>(column));
      support[row] += count;
      predicted[column] += count;
      all += count;
      if (row == column) right += count;
    }
  }
  ClassScores scores;
  scores.accuracy = share(right, all);
  double present = 0;
  for (size_t i = 0; i < classes; ++i) {
    const double hits = matrix(static_cast<int64_t>(i), static_cast<int64_t>(i));
    scores.classes.push_back({.precision = share(hits, predicted[i]),
                              .recall = share(hits, support[i]),
                              .f1 = share(2 * hits, predicted[i] + support[i]),
                              .support = static_cast<int64_t>(support[i])});
    if (support[i] + predicted[i] > 0) ++present;
  }
  for (size_t i = 0; i < classes; ++i) {
    if (support[i] + predicted[i] == 0) continue;
    add_score(scores.macro, scores.classes[i], 1 / present);
    add_score(scores.weighted, scores.classes[i], share(support[i], all));
  }
  scores.macro.support = scores.weighted.support = static_cast<int64_t>(all);
  return scores;
}

std::vector<Confusion> largest_confusions(const ConfusionMatrix& matrix, size_t most) {
  std::vector<Confusion> all;
  for (int64_t row = 0; row < matrix.classes(); ++row) {
    for (int64_t column = 0; column < matrix.classes(); ++column) {
      const auto count = static_cast<int64_t>(matrix(row, column));
      if (row != column && count > 0) all.push_back({row, column, count});
    }
  }
  std::ranges::stable_sort(
      all, [](const Confusion& a, const Confusion& b) { return a.count > b.count; });
  if (all.size() > most) all.resize(most);
  return all;
}

}  // namespace cornu::inline v0
