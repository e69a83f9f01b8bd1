#include "cornu/training/feed.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

#include "cornu/core/error.h"
#include "cornu/core/rng.h"

namespace cornu::inline v0 {
namespace {

template <class Label>
int64_t first_outside(std::span<const Label> labels, int64_t classes) {
  for (size_t row = 0; row < labels.size(); ++row) {
    const auto label = static_cast<int64_t>(labels[row]);
    if (label < 0 || label >= classes) return static_cast<int64_t>(row);
  }
  return -1;
}

int64_t first_outside(TensorView labels, int64_t classes) {
  switch (labels.dtype()) {
    case DType::uint8:
      return first_outside(labels.span<uint8_t>(), classes);
    case DType::int32:
      return first_outside(labels.span<int32_t>(), classes);
    case DType::int64:
      return first_outside(labels.span<int64_t>(), classes);
    case DType::float32:
    case DType::float64:
      break;
  }
  return -1;
}

// Whether a target is labels; integers that a loss takes for numbers may be any.
bool is_labels(const Plan& plan, SlotId target) {
  return std::ranges::any_of(plan.ops, [&](const Op& op) {
    return std::holds_alternative<ops::OneHot>(op.what) && plan.base(op.in[0]) == target;
  });
}

// One outside the classes would be nobody's.
void check_labels(const Batch& batch, int64_t begin, int64_t end, const Spec& spec,
                  const Plan& plan) {
  for (size_t i = 0; i < plan.targets.size(); ++i) {
    if (spec.y[i].shape.ndim() != 0 || !is_labels(plan, plan.targets[i])) continue;
    const int64_t classes = plan.slot(plan.outputs[i]).shape.back();
    const TensorView labels = batch.y[i].view().rows(begin, end);
    const int64_t row = first_outside(labels, classes);
    if (row < 0) continue;
    throw Error(
        {.where = "sample " + std::to_string(batch.sample[static_cast<size_t>(begin + row)]),
         .what = "label out of range",
         .expected = "0 … " + std::to_string(classes - 1) + ", as the model's last layer has " +
                     std::to_string(classes) + " outputs",
         .found = std::to_string(static_cast<int64_t>(labels.at(row)))});
  }
}

}  // namespace

SourceFeed::SourceFeed(const Executor& executor, SourceRange samples, int64_t batch_size,
                       bool shuffle, int64_t steps)
    : plan_(executor.plan()),
      samples_(samples),
      spec_(samples.source->spec()),
      batch_size_(batch_size),
      shuffle_(shuffle),
      steps_(steps),
      batches_(*samples.source, plan_, batch_size, executor.members(batch_size),
               shuffle ? SampleOrder::any : SampleOrder::ascending),
      ids_(static_cast<size_t>(samples.size())) {}

int64_t SourceFeed::steps() const {
  return steps_ > 0 ? steps_ : (samples_.size() + batch_size_ - 1) / batch_size_;
}

void SourceFeed::begin_epoch(uint64_t key) {
  left_of_epoch_ = steps();
  if (steps_ > 0 && left_of_pass_ > 0) return;
  if (shuffle_) {
    shuffled(key, ids_);
  } else {
    std::iota(ids_.begin(), ids_.end(), uint64_t{0});
  }
  for (uint64_t& id : ids_) id += static_cast<uint64_t>(samples_.begin);
  batches_.begin(ids_);
  left_of_pass_ = (samples_.size() + batch_size_ - 1) / batch_size_;
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
  check_labels(batch, begin, end, spec_, plan_);
}

StreamFeed::StreamFeed(const Executor& executor, Stream& stream, int64_t batch_size, int64_t steps)
    : plan_(executor.plan()),
      stream_(stream),
      spec_(stream.spec()),
      batch_size_(batch_size),
      steps_(steps),
      ids_(kTurns, std::vector<uint64_t>(static_cast<size_t>(batch_size))) {
  for (size_t i = 0; i < kTurns; ++i) ring_.push_back(make_batch(spec_, batch_size));
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
    throw Error({.where = "Stream::next",
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
  check_labels(batch, begin, end, spec_, plan_);
}

}  // namespace cornu::inline v0
