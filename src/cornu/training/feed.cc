#include "cornu/training/feed.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

#include "cornu/core/error.h"
#include "cornu/core/rng.h"

namespace cornu::inline v0 {
namespace {

// The number of steps that a state says are done.
void check_place(const char* what, int64_t done, int64_t all) {
  if (done >= 0 && done <= all) return;
  throw Error({.kind = ErrorKind::corrupt,
               .where = "the state of a fit",
               .expected = std::string(what) + " from 0 to " + std::to_string(all),
               .found = std::to_string(done)});
}

}  // namespace

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

void SourceFeed::order(uint64_t key) {
  key_ = key;
  if (shuffle_) {
    shuffled(key, ids_);
  } else {
    std::iota(ids_.begin(), ids_.end(), uint64_t{0});
  }
  for (uint64_t& id : ids_) id += static_cast<uint64_t>(samples_.begin);
}

void SourceFeed::begin_batches(int64_t left) {
  const auto done = static_cast<size_t>((steps_of_pass() - left) * batch_size_);
  batches_.begin(std::span(ids_).subspan(std::min(done, ids_.size())));
  left_of_pass_ = left;
}

void SourceFeed::begin_epoch(uint64_t key) {
  left_of_epoch_ = steps();
  if (steps_ == 0 || left_of_pass_ == 0) {
    order(key);
    begin_batches(steps_of_pass());
  }
  left_at_begin_ = left_of_pass_;
  steps_to_repeat_ = left_of_epoch_;
}

FeedState SourceFeed::state() const {
  return {.key = key_,
          .steps_of_pass = steps_of_pass() - left_of_pass_,
          .steps_of_epoch = steps() - left_of_epoch_};
}

void SourceFeed::resume(const FeedState& state) {
  check_place("steps of a pass", state.steps_of_pass, steps_of_pass());
  check_place("steps of an epoch", state.steps_of_epoch, steps());
  order(state.key);
  begin_batches(steps_of_pass() - state.steps_of_pass);
  left_of_epoch_ = steps() - state.steps_of_epoch;
  left_at_begin_ = left_of_pass_;
  steps_to_repeat_ = left_of_epoch_;
}

std::unique_ptr<Feed> SourceFeed::again(const Executor& executor) const {
  auto same = std::make_unique<SourceFeed>(executor, samples_, batch_size_, shuffle_, steps_);
  same->ids_ = ids_;
  same->batches_.take_whole();
  same->begin_batches(left_at_begin_);
  same->left_of_epoch_ = steps_to_repeat_;
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
  taken_of_epoch_ = 0;
  if (ended_ && stream_.rewind()) {
    ended_ = false;
    taken_of_pass_ = 0;
  }
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
  ++taken_of_pass_;
  ++taken_of_epoch_;
  std::vector<uint64_t>& ids = ids_[turn];
  std::iota(ids.begin(), ids.end(), seen_);
  seen_ += static_cast<uint64_t>(rows);
  batch.rows = rows;
  batch.sample = std::span(ids).first(static_cast<size_t>(rows));
  return &batch;
}

FeedState StreamFeed::state() const {
  // A stream that has ended is rewound, as a new one is from the start.
  return {.steps_of_pass = ended_ ? 0 : taken_of_pass_,
          .steps_of_epoch = taken_of_epoch_,
          .samples = seen_,
          .ended = ended_};
}

void StreamFeed::resume(const FeedState& state) {
  constexpr int64_t kMost = int64_t{1} << 53;
  check_place("steps of a pass", state.steps_of_pass, kMost);
  check_place("steps of an epoch", state.steps_of_epoch, steps_ > 0 ? steps_ : kMost);
  left_of_epoch_ = -1;
  while (taken_of_pass_ < state.steps_of_pass) {
    if (next() != nullptr) continue;
    throw Error({.where = "the stream",
                 .what = "has fewer samples than before the fit was interrupted",
                 .expected = std::to_string(state.steps_of_pass) + " batches of a pass at least",
                 .found = std::to_string(taken_of_pass_)});
  }
  seen_ = state.samples;
  ended_ = state.ended;
  taken_of_epoch_ = state.steps_of_epoch;
  if (steps_ > 0) left_of_epoch_ = steps_ - taken_of_epoch_;
}

// The stream has filled it.
void StreamFeed::gather(Batch& batch, int64_t begin, int64_t end) {
  check_(batch, begin, end);
}

}  // namespace cornu::inline v0
