#include "cornu/plan/batches.h"

#include <algorithm>

namespace cornu::inline v0 {

Batches::Batches(const Source& source, const Spec& spec, int64_t batch_size, int threads)
    : source_(source), batch_size_(static_cast<size_t>(batch_size)), ring_(threads == 1 ? 1 : 4) {
  for (Batch& batch : ring_) batch = make_batch(spec, batch_size);
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
  source_.fill(rows_of(first, begin, end), begin, batch);
  source_.prefetch(rows_of(first + batch_size_, begin, end));
}

std::span<const uint64_t> Batches::rows_of(size_t first, int64_t begin, int64_t end) const {
  const size_t from = std::min(first + static_cast<size_t>(begin), ids_.size());
  const size_t to = std::min(first + static_cast<size_t>(end), ids_.size());
  return ids_.subspan(from, to - from);
}

}  // namespace cornu::inline v0
