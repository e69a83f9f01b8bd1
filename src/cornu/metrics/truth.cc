#include "cornu/metrics/truth.h"

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

[[noreturn]] void refuse(std::string_view metric, const char* expected, const Field& target,
                         const Shape& y_pred) {
  throw Error(
      {.where = "metric " + std::string(metric),
       .expected = expected,
       .found = "outputs " + y_pred.str() + " with targets " + target.shape.with_rows().str()});
}

}  // namespace

Outcome by_lines(const Outcome& outcome) {
  const int64_t classes = outcome.y_pred.shape().back();
  const int64_t lines = outcome.y_pred.size() / classes;
  const int64_t width = outcome.y_true.size() / lines;
  Outcome flat = outcome;
  flat.y_pred = TensorView(outcome.y_pred.data(), Shape{lines, classes}, outcome.y_pred.dtype());
  flat.y_true = TensorView(outcome.y_true.data(), Shape{lines, width}, outcome.y_true.dtype());
  return flat;
}

void check_threshold(std::string_view metric, const char* option, double threshold) {
  if (threshold >= 0 && threshold <= 1) return;
  throw Error({.where = std::string(metric),
               .field = option,
               .expected = "0 <= " + std::string(option) + " <= 1",
               .found = shortest(threshold)});
}

void check_same_shape(std::string_view metric, const Field& target, const Shape& y_pred) {
  const Shape sample = y_pred.without_rows();
  if (target.shape == sample || (target.shape.ndim() == 0 && sample.size() == 1)) return;
  refuse(metric, "outputs and targets of one shape", target, y_pred);
}

void check_one_hot(std::string_view metric, const Field& target, const Shape& y_pred) {
  if (y_pred.ndim() >= 2 && target.shape == y_pred.without_rows()) return;
  refuse(metric, "outputs (None, classes) with one-hot rows", target, y_pred);
}

void check_labels(std::string_view metric, const Field& target, const Shape& y_pred) {
  if (target.encoding.classes == 0 && are_labels(target, y_pred)) return;
  refuse(metric, "outputs (None, classes) with labels (None,)", target, y_pred);
}

void check_columns(std::string_view metric, const Shape& y_pred, const char* hint) {
  if (y_pred.back() > 1) return;
  throw Error({.where = "metric " + std::string(metric),
               .what = "it compares the outputs of a row",
               .expected = "outputs (None, classes) of 2 classes or more",
               .found = "outputs " + y_pred.str(),
               .hint = hint});
}

}  // namespace cornu::inline v0
