#include "cornu/training/batch_results.h"

#include <algorithm>
#include <cstring>

#include "cornu/plan/share.h"

namespace cornu::inline v0 {
namespace {

// As many steps after the one whose results are gathered may have begun in a process (see Steps):
// the others take them, too.
constexpr int64_t kStepsUnderWay = 3;

// What a process tells the others with its results.
constexpr std::byte kStops{1};
constexpr std::byte kPauses{2};

}  // namespace

// Adds the messages by which each process gets the rows of all, in `memory`.
TensorView SharedResults::share(Tensor& memory, const TensorView& own) {
  const auto extents = own.shape().extents();
  std::vector<int64_t> of_all(extents.begin(), extents.end());
  of_all[0] = rows_;
  const Shape shape(of_all);
  const size_t row = static_cast<size_t>(shape.size() / rows_) * itemsize(own.dtype());
  if (memory.nbytes() < row * static_cast<size_t>(rows_)) memory = Tensor(shape, own.dtype());
  std::byte* const all = memory.data();
  for (int rank = 0; rank < communicator_.size(); ++rank) {
    const Range rows = rows_of_part(rows_, plan_.shards, rank, communicator_.size());
    if (rows.size() == 0) continue;
    const std::span place(all + static_cast<size_t>(rows.begin) * row,
                          static_cast<size_t>(rows.size()) * row);
    if (rank == communicator_.rank()) {
      std::memcpy(place.data(), own.data(), place.size());
      for (int other = 0; other < communicator_.size(); ++other) {
        if (other != rank) out_.push_back({other, place});
      }
    } else {
      in_.push_back({rank, place});
    }
  }
  return {all, shape, own.dtype()};
}

bool SharedResults::gather(const BatchResults& own, const Batch& batch, bool pauses) {
  rows_ = batch.all_rows();
  out_.clear();
  in_.clear();
  for (const SlotId slot : slots_) {
    const TensorView value = own.value(slot);
    const bool has_rows = plan_.slot(slot).shape.has_rows();
    values_[slot] = has_rows ? share(memory_of_values_[slot], value) : value;
  }
  y_.resize(batch.y.size());
  memory_of_y_.resize(batch.y.size());
  for (size_t i = 0; i < y_.size(); ++i) y_[i] = share(memory_of_y_[i], own.y(i));
  weights_.resize(batch.weights.size());
  memory_of_weights_.resize(batch.weights.size());
  for (size_t i = 0; i < weights_.size(); ++i) {
    weights_[i] = share(memory_of_weights_[i], own.weight(i));
  }
  flags_.resize(static_cast<size_t>(communicator_.size()));
  const std::span every(flags_);
  const auto mine = every.subspan(static_cast<size_t>(communicator_.rank()), 1);
  mine[0] = std::byte{0};
  if (sharing_.asked.stop_requested()) mine[0] |= kStops;
  if (pauses) mine[0] |= kPauses;
  for (int rank = 0; rank < communicator_.size(); ++rank) {
    if (rank == communicator_.rank()) continue;
    out_.push_back({rank, mine});
    in_.push_back({rank, every.subspan(static_cast<size_t>(rank), 1)});
  }
  communicator_.exchange(out_, in_);
  ++gathered_;
  const auto is_told = [&](std::byte flag) {
    return std::ranges::any_of(flags_, [&](std::byte each) { return (each & flag) == flag; });
  };
  if (is_told(kStops) && end_.load() == kNoEnd) end_.store(gathered_ + kStepsUnderWay);
  return is_told(kPauses);
}

}  // namespace cornu::inline v0
