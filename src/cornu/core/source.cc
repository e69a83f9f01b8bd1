#include "cornu/core/source.h"

namespace cornu::inline v0 {

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
