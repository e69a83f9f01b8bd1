#include "cornu/training/feed.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

#include "cornu/core/error.h"
#include "cornu/core/rng.h"

namespace cornu::inline v0 {
SourceFeed::SourceFeed(const Executor& executor, SourceRange samples, int64_t batch_size,
                       bool shuffle, int64_t steps)
    : check_(executor.plan(), samples.source->spec()),
      samples_(samples),
      batch_size_(batch_size),
      shuffle_(shuffle),
      steps_(steps),
      batches_(*samples.source, executor.plan(), batch_size, executor.members(batch_size),
               shuffle ? SampleOrder::any : SampleOrder::ascending),
      ids_(static_cast<size_t>(samples.size())) {}

int64_t SourceFeed::steps() const {
  return steps_ > 0 ? steps_ : (samples_.size() + batch_size_ - 1) / batch_size_;
}

void SourceFeed::begin_epoch(uint64_t key) {
  left_of_epoch_ = steps();
  left_at_begin_ = left_of_pass_;
  if (steps_ > 0 && left_of_pass_ > 0) return;
  if (shuffle_) {
    shuffled(key, ids_);
  } else {
    std::iota(ids_.begin(), ids_.end(), uint64_t{0});
  }
  for (uint64_t& id : ids_) id += static_cast<uint64_t>(samples_.begin);
  batches_.begin(ids_);
  left_of_pass_ = (samples_.size() + batch_size_ - 1) / batch_size_;
  left_at_begin_ = left_of_pass_;
}

std::unique_ptr<Feed> SourceFeed::again(const Executor& executor) const {
  auto same = std::make_unique<SourceFeed>(executor, samples_, batch_size_, shuffle_, steps_);
  const int64_t of_pass = (samples_.size() + batch_size_ - 1) / batch_size_;
  same->ids_.assign(ids_.begin() + (of_pass - left_at_begin_) * batch_size_, ids_.end());
  same->batches_.begin(same->ids_);
  same->left_of_pass_ = left_at_begin_;
  same->left_of_epoch_ = steps();
  return same;
}

bool SourceFeed::has_next() const {
  return left_of_epoch_ > 0 && left_of_pass_ > 0;
}

Batch* SourceFeed::next() {
  if (!has_next()) return nullptr;
  --left_of_epoch_;
  --left_of_pass_;
  return batches_.next();
}

void SourceFeed::gather(Batch& batch, int64_t begin, int64_t end) {
  batches_.gather(batch, begin, end);
  check_(batch, begin, end);
}

StreamFeed::StreamFeed(const Executor& executor, Stream& stream, int64_t batch_size, int64_t steps)
    : check_(executor.plan(), stream.spec()),
      stream_(stream),
      batch_size_(batch_size),
      steps_(steps),
      ids_(kTurns, std::vector<uint64_t>(static_cast<size_t>(batch_size))) {
  for (size_t i = 0; i < kTurns; ++i) ring_.push_back(make_batch(stream.spec(), batch_size));
}

void StreamFeed::begin_epoch(uint64_t) {
  left_of_epoch_ = steps_ > 0 ? steps_ : -1;
  if (ended_ && stream_.rewind()) ended_ = false;
}

Batch* StreamFeed::next() {
  if (!has_next()) return nullptr;
  const size_t turn = turn_++ % kTurns;
  Batch& batch = ring_[turn];
  const int64_t rows = stream_.next(batch, batch_size_);
  if (rows < 0 || rows > batch_size_) {
    throw Error({.where = "the stream's next batch",
                 .expected = "0 … " + std::to_string(batch_size_) + " rows",
                 .found = std::to_string(rows)});
  }
  ended_ = rows == 0;
  if (ended_) return nullptr;
  if (left_of_epoch_ > 0) --left_of_epoch_;
  std::vector<uint64_t>& ids = ids_[turn];
  std::iota(ids.begin(), ids.end(), seen_);
  seen_ += static_cast<uint64_t>(rows);
  batch.rows = rows;
  batch.sample = std::span(ids).first(static_cast<size_t>(rows));
  return &batch;
}

// The stream has filled it.
void StreamFeed::gather(Batch& batch, int64_t begin, int64_t end) {
  check_(batch, begin, end);
}

}  // namespace cornu::inline v0
