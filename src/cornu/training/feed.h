#pragma once

#include <memory>
#include <vector>

#include "cornu/core/stream.h"
#include "cornu/plan/batches.h"
#include "cornu/plan/check_batch.h"
#include "cornu/plan/executor.h"
#include "cornu/training/fit_state.h"

namespace cornu::inline v0 {

/// Samples [begin, end) of a source.
struct SourceRange {
  const Source* source = nullptr;
  int64_t begin = 0, end = 0;
  int64_t size() const { return end - begin; }
};

/// Where the batches of an epoch come from. Labels and indices are checked as they come: one that
/// is out of range is an Error that names its sample.
class Feed {
 public:
  virtual ~Feed() = default;
  /// Begins an epoch; `key` determines the order of the samples.
  virtual void begin_epoch(uint64_t key) = 0;
  /// The next batch of the epoch, or null at its end; its rows are there once they are gathered.
  virtual Batch* next() = 0;
  virtual void gather(Batch& batch, int64_t begin, int64_t end) = 0;
  /// Whether the epoch has another batch, as far as is known.
  virtual bool has_next() const = 0;
  /// Between two steps: where it stands.
  virtual FeedState state() const = 0;
  /// Continues where another feed of the same samples stood; an epoch that had begun goes on. Error
  /// for a place that there is not.
  virtual void resume(const FeedState& state) = 0;
  /// A feed that repeats the present epoch, or the part of it that follows a resumption, for
  /// another executor, with the rows of all processes; null if its samples are gone.
  virtual std::unique_ptr<Feed> again(const Executor& executor) const = 0;
};

/// The samples of a source, in order or shuffled anew for each pass over them.
class SourceFeed final : public Feed {
 public:
  /// An epoch is one pass, or `steps` steps of it if that is not 0: the next epoch then continues
  /// after them. The source and the executor must outlive it.
  SourceFeed(const Executor& executor, SourceRange samples, int64_t batch_size, bool shuffle,
             int64_t steps = 0);

  void begin_epoch(uint64_t key) override;
  Batch* next() override;
  void gather(Batch& batch, int64_t begin, int64_t end) override;
  bool has_next() const override;
  FeedState state() const override;
  void resume(const FeedState& state) override;
  std::unique_ptr<Feed> again(const Executor& executor) const override;
  /// Steps per epoch.
  int64_t steps() const { return steps_ > 0 ? steps_ : steps_of_pass(); }
  /// Lets the next epoch begin a new pass over the samples, wherever the last one ended.
  void rewind() { left_of_pass_ = 0; }

 private:
  int64_t steps_of_pass() const { return (samples_.size() + batch_size_ - 1) / batch_size_; }
  void order(uint64_t key);
  /// Lets the batches be those of the last `left` steps of the pass.
  void begin_batches(int64_t left);

  const BatchCheck check_;
  SourceRange samples_;
  int64_t batch_size_;
  bool shuffle_;
  int64_t steps_;
  Batches batches_;
  std::vector<uint64_t> ids_;                     ///< of the pass, in its order
  uint64_t key_ = 0;                              ///< of that order
  int64_t left_of_pass_ = 0, left_of_epoch_ = 0;  ///< steps
  int64_t left_at_begin_ = 0;    ///< left_of_pass_ when the epoch began or was resumed
  int64_t steps_to_repeat_ = 0;  ///< left_of_epoch_ then
};

/// The samples of a stream, as they come.
class StreamFeed final : public Feed {
 public:
  /// An epoch is the whole stream, or `steps` steps of it if that is not 0. A stream that has ended
  /// is rewound at the next epoch; if it cannot be, epochs are empty.
  StreamFeed(const Executor& executor, Stream& stream, int64_t batch_size, int64_t steps = 0);

  void begin_epoch(uint64_t key) override;
  Batch* next() override;
  void gather(Batch& batch, int64_t begin, int64_t end) override;
  bool has_next() const override { return !ended_ && left_of_epoch_ != 0; }
  FeedState state() const override;
  /// Takes the batches of the present pass that are done from the stream again.
  void resume(const FeedState& state) override;
  std::unique_ptr<Feed> again(const Executor&) const override { return nullptr; }

 private:
  static constexpr size_t kTurns = 4;

  const BatchCheck check_;
  Stream& stream_;
  int64_t batch_size_, steps_;
  std::vector<Batch> ring_;
  std::vector<std::vector<uint64_t>> ids_;
  size_t turn_ = 0;
  uint64_t seen_ = 0;
  int64_t taken_of_pass_ = 0, taken_of_epoch_ = 0;  ///< batches
  bool ended_ = false;
  int64_t left_of_epoch_ = -1;  ///< steps; below 0: no limit
};

}  // namespace cornu::inline v0
