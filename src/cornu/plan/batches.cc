#include "cornu/plan/batches.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "cornu/core/error.h"
#include "cornu/plan/share.h"

namespace cornu::inline v0 {
namespace {

// Whether x[i] can be read in the source's memory. Error if that memory does not fit the source's
// spec: it would be read past its end.
bool is_stored(const Source& source, const Spec& spec, size_t i) {
  const TensorView x = source.stored_x(i);
  if (x.data() == nullptr) return false;
  const Field& field = spec.x[i];
  const auto samples = static_cast<size_t>(spec.size);
  const size_t bytes =
      samples * static_cast<size_t>(field.stored().size()) * itemsize(field.encoding.dtype);
  const bool fits = x.dtype() == field.encoding.dtype && x.shape().ndim() > 0 &&
                    x.shape()[0] == spec.size && x.nbytes() == bytes;
  if (!fits) {
    throw Error({.where = "Source::stored_x(" + std::to_string(i) + ")",
                 .expected = std::to_string(spec.size) + " samples of " +
                             std::string(name(field.encoding.dtype)) + " " + field.stored().str(),
                 .found = std::string(name(x.dtype())) + " " + x.shape().str()});
  }
  // Numbers at an address that is not aligned for their type are copied to one that is.
  return reinterpret_cast<std::uintptr_t>(x.data()) % itemsize(x.dtype()) == 0;
}

}  // namespace

Batches::Batches(const Source& source, const Plan& plan, int64_t batch_size, int threads,
                 SampleOrder order)
    : source_(source),
      batch_size_(static_cast<size_t>(batch_size)),
      shards_(plan.shards),
      part_(plan.part),
      ring_(threads == 1 ? 1 : 4) {
  const Spec spec = source.spec();
  for (Batch& batch : ring_) {
    batch = make_batch(spec, batch_size);
    batch.x_rows.resize(spec.x.size());
    for (size_t i = 0; i < spec.x.size(); ++i) {
      if (!is_stored(source, spec, i)) continue;
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
  const auto all = static_cast<int64_t>(count);
  const Range own = rows_of_part(all, shards_, part_.index, part_.count);
  batch.sample =
      ids_.subspan(named_ + static_cast<size_t>(own.begin), static_cast<size_t>(own.size()));
  batch.rows = own.size();
  batch.shared_rows = all;
  named_ += count;
  return &batch;
}

void Batches::gather(Batch& batch, int64_t begin, int64_t end) const {
  const auto first = static_cast<size_t>(batch.sample.data() - ids_.data());
  source_.fill(rows_of(first, begin, end), begin, batch);  // Error for an id out of range
  for (size_t i = 0; i < batch.x.size(); ++i) {
    if (!batch.is_in_place(i)) continue;
    const TensorView x = source_.stored_x(i);
    const size_t row_bytes = x.nbytes() / static_cast<size_t>(x.shape()[0]);
    for (auto row = static_cast<size_t>(begin); row < static_cast<size_t>(end); ++row) {
      batch.x_rows[i][row] = x.data() + batch.sample[row] * row_bytes;
    }
  }
  source_.prefetch(rows_of(first + batch_size_, begin, end));
}

std::span<const uint64_t> Batches::rows_of(size_t first, int64_t begin, int64_t end) const {
  const size_t from = std::min(first + static_cast<size_t>(begin), ids_.size());
  const size_t to = std::min(first + static_cast<size_t>(end), ids_.size());
  return ids_.subspan(from, to - from);
}

}  // namespace cornu::inline v0
