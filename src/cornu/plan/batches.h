#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cornu/core/source.h"
#include "cornu/plan/plan.h"

namespace cornu::inline v0 {

/// The order in which samples are requested: any, or the order of the source.
enum class SampleOrder { any, ascending };

/// The batches of one pass over samples: their samples are chosen in order, and their rows are
/// filled later, by the members that read them (plan/executor.h, Steps). An input that the plan
/// reads by rows, or whose rows lie side by side, is not copied if the source has it in memory.
class CORNU_API Batches {
 public:
  /// For runs of `plan` on `threads` threads. `source` outlives the batches. With one thread one
  /// batch at a time is in use and stays in its cache; with more, four are used in turn.
  Batches(const Source& source, const Plan& plan, int64_t batch_size, int threads,
          SampleOrder order);

  /// Lets batches have the rows of all processes that share them.
  void take_whole() { part_ = {}; }
  /// Sets the samples to come, in this order; `ids` is not copied.
  void begin(std::span<const uint64_t> ids);
  /// Begins the same samples again.
  void rewind() { named_ = 0; }
  /// The next batch, with its samples chosen but not filled yet; null after the last.
  Batch* next();
  /// Fills rows [begin, end) of a batch, and prefetches those of the batch after it.
  void gather(Batch& batch, int64_t begin, int64_t end) const;

 private:
  // The samples of rows [begin, end) of the batch that begins at ids_[first].
  std::span<const uint64_t> rows_of(size_t first, int64_t begin, int64_t end) const;

  const Source& source_;
  const size_t batch_size_;
  const int shards_;
  Part part_;
  std::vector<Batch> ring_;
  size_t turn_ = 0;
  std::span<const uint64_t> ids_;
  size_t named_ = 0;  ///< number of ids_ that batches have been made of
};

}  // namespace cornu::inline v0
