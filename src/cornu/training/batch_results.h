#pragma once

#include <atomic>
#include <cstddef>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "cornu/core/communicator.h"
#include "cornu/core/stop.h"
#include "cornu/plan/executor.h"
#include "cornu/training/process_times.h"

namespace cornu::inline v0 {

/// What a step has computed for the rows of its batch, and what was given for them.
class BatchResults {
 public:
  virtual ~BatchResults() = default;
  virtual int64_t rows() const = 0;
  virtual TensorView value(SlotId slot) const = 0;
  virtual TensorView y(size_t target) const = 0;
  virtual size_t weights() const = 0;  ///< of each row
  virtual TensorView weight(size_t which) const = 0;
};

/// Those of the rows of this process.
class OwnResults final : public BatchResults {
 public:
  OwnResults(const Executor& executor, const Workspace& workspace, const Batch& batch)
      : executor_(executor), workspace_(workspace), batch_(batch) {}
  int64_t rows() const override { return batch_.rows; }
  TensorView value(SlotId slot) const override {
    return executor_.value(slot, workspace_, batch_.rows);
  }
  TensorView y(size_t target) const override { return batch_.y[target].view().rows(0, rows()); }
  size_t weights() const override { return batch_.weights.size(); }
  TensorView weight(size_t which) const override {
    return batch_.weights[which].view().rows(0, rows());
  }

 private:
  const Executor& executor_;
  const Workspace& workspace_;
  const Batch& batch_;
};

/// The processes that share each batch.
struct Sharing {
  TimedExchanges* processes = nullptr;  ///< null: this one is alone
  StopToken asked = {};                 ///< to stop, of this process
  StopToken agreed = {};                ///< of all, once each has run the same steps
};

/// Those of the rows of all processes that share a batch, in its order, so that each process counts
/// what one would. They also agree on the last step once one of them is asked to stop.
class SharedResults final : public BatchResults {
 public:
  /// `slots` are those whose values will be asked for.
  SharedResults(const Plan& plan, Slots slots, const Sharing& sharing)
      : plan_(plan),
        slots_(std::move(slots)),
        communicator_(*sharing.processes),
        sharing_(sharing) {}

  /// Whether no step may begin any more, on any of them.
  bool is_over() const { return begun_ >= end_.load(); }
  void begin_step() { ++begun_; }
  /// Gathers the results of a step; all processes call it after each. Returns whether one of them
  /// pauses after it.
  bool gather(const BatchResults& own, const Batch& batch, bool pauses = false);
  /// Seconds that this one has exchanged messages in the fit.
  double seconds() const { return sharing_.processes->seconds(); }
  /// Tells of the stop that they agreed on, once no step is under way.
  void end_steps() const {
    if (end_.load() != kNoEnd) sharing_.agreed.request_stop();
  }

  int64_t rows() const override { return rows_; }
  TensorView value(SlotId slot) const override { return values_.at(slot); }
  TensorView y(size_t target) const override { return y_[target]; }
  size_t weights() const override { return weights_.size(); }
  TensorView weight(size_t which) const override { return weights_[which]; }

 private:
  static constexpr int64_t kNoEnd = std::numeric_limits<int64_t>::max();

  TensorView share(Tensor& memory, const TensorView& own);

  const Plan& plan_;
  const Slots slots_;
  Communicator& communicator_;
  const Sharing& sharing_;
  int64_t begun_ = 0, gathered_ = 0;   ///< steps
  std::atomic<int64_t> end_ = kNoEnd;  ///< set after a step, while another may begin
  int64_t rows_ = 0;
  std::map<SlotId, Tensor> memory_of_values_;
  std::map<SlotId, TensorView> values_;
  std::vector<Tensor> memory_of_y_, memory_of_weights_;
  std::vector<TensorView> y_, weights_;
  std::vector<Outgoing> out_;
  std::vector<Incoming> in_;
  std::vector<std::byte> flags_;  ///< by rank
};

}  // namespace cornu::inline v0
