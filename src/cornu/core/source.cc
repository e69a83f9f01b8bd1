#include "cornu/core/source.h"

#include <algorithm>

namespace cornu::inline v0 {

bool are_labels(const Field& target, const Shape& y_pred) {
  if (y_pred.ndim() < 2) return false;
  const auto lines = y_pred.extents().subspan(1, static_cast<size_t>(y_pred.ndim()) - 2);
  auto labels = target.shape.extents();
  if (labels.empty()) return std::ranges::all_of(lines, [](int64_t extent) { return extent == 1; });
  if (labels.size() == lines.size() + 1 && labels.back() == 1) labels = labels.first(lines.size());
  return std::ranges::equal(labels, lines);
}

Batch make_batch(const Spec& spec, int64_t capacity) {
  Batch batch;
  const auto room = [capacity](const Field& field) {
    return Tensor(field.stored().with_rows().with_rows(capacity), field.encoding.dtype);
  };
  for (const Field& field : spec.x) batch.x.push_back(room(field));
  for (const Field& field : spec.y) batch.y.push_back(room(field));
  for (size_t i = 0; i < spec.weights; ++i) batch.weights.emplace_back(Shape{capacity});
  return batch;
}

void fill(const Source& source, std::span<const uint64_t> ids, Batch& batch) {
  source.fill(ids, 0, batch);
  batch.sample = ids;
  batch.rows = static_cast<int64_t>(ids.size());
}

}  // namespace cornu::inline v0
