#include "cornu/plan/batches.h"

#include <algorithm>

namespace cornu::inline v0 {

Batches::Batches(const Source& source, const Plan& plan, int64_t batch_size, int threads,
                 SampleOrder order)
    : source_(source), batch_size_(static_cast<size_t>(batch_size)), ring_(threads == 1 ? 1 : 4) {
  const Spec spec = source.spec();
  for (Batch& batch : ring_) {
    batch = make_batch(spec, batch_size);
    batch.x_rows.resize(spec.x.size());
    for (size_t i = 0; i < spec.x.size(); ++i) {
      if (source.stored_x(i).data() == nullptr) continue;
      if (!plan.slot(plan.inputs[i]).by_rows && order == SampleOrder::any) continue;
      batch.x_rows[i].resize(batch_size_);
      batch.x[i] = Tensor(Shape{0}, spec.x[i].encoding.dtype);
    }
  }
}

void Batches::begin(std::span<const uint64_t> ids) {
  ids_ = ids;
  named_ = 0;
  source_.prefetch(ids_.first(std::min(batch_size_, ids_.size())));
}

Batch* Batches::next() {
  const size_t count = std::min(batch_size_, ids_.size() - named_);
  if (count == 0) return nullptr;
  Batch& batch = ring_[turn_++ % ring_.size()];
  batch.sample = ids_.subspan(named_, count);
  batch.rows = static_cast<int64_t>(count);
  named_ += count;
  return &batch;
}

void Batches::gather(Batch& batch, int64_t begin, int64_t end) const {
  const auto first = static_cast<size_t>(batch.sample.data() - ids_.data());
  for (size_t i = 0; i < batch.x.size(); ++i) {
    if (!batch.is_in_place(i)) continue;
    const TensorView x = source_.stored_x(i);
    const size_t row_bytes = x.nbytes() / static_cast<size_t>(x.shape()[0]);
    for (auto row = static_cast<size_t>(begin); row < static_cast<size_t>(end); ++row) {
      batch.x_rows[i][row] = x.data() + batch.sample[row] * row_bytes;
    }
  }
  source_.fill(rows_of(first, begin, end), begin, batch);
  source_.prefetch(rows_of(first + batch_size_, begin, end));
}

std::span<const uint64_t> Batches::rows_of(size_t first, int64_t begin, int64_t end) const {
  const size_t from = std::min(first + static_cast<size_t>(begin), ids_.size());
  const size_t to = std::min(first + static_cast<size_t>(end), ids_.size());
  return ids_.subspan(from, to - from);
}

}  // namespace cornu::inline v0
