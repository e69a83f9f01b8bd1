#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/tensor.h"
#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// A fit that is going on, as its callbacks may ask of it and change it.
class CORNU_API Training {
 public:
  virtual ~Training() = default;
  virtual const History::Params& params() const = 0;
  /// Ends it after the present step's epoch hooks: no further step is begun.
  virtual void stop() = 0;
  /// Of the next step.
  virtual double learning_rate() const = 0;
  /// Of every step from the next on, in later fits too. Error where the optimizer has a schedule.
  virtual void set_learning_rate(double learning_rate) = 0;
  /// Copies of every weight, in model order; and back.
  virtual std::vector<Tensor> weights() const = 0;
  virtual void set_weights(const std::vector<Tensor>& weights) = 0;
  /// Whether a larger value of the log of that name ("loss", "val_accuracy") is a better one.
  virtual bool higher_is_better(std::string_view name) const = 0;
};

/// Watches a fit, an evaluation or a prediction; every hook does nothing unless overridden. Hooks
/// run on the caller's thread, between steps. Steps and epochs count from 0.
class CORNU_API Callback {
 public:
  virtual ~Callback() = default;
  /// Whether hooks of batches do anything: if so no step begins before they have returned.
  virtual bool watches_batches() const { return true; }

  virtual void on_train_begin() {}
  /// `history` is what fit returns.
  virtual void on_train_end(const History& /*history*/) {}
  virtual void on_epoch_begin(int64_t /*epoch*/) {}
  /// After validation; `history` holds this epoch already. Logs that are added to `record` are in
  /// the history, too.
  virtual void on_epoch_end(EpochRecord& /*record*/, const History& /*history*/) {}
  virtual void on_train_batch_begin(int64_t /*step*/) {}
  /// With the epoch's logs so far.
  virtual void on_train_batch_end(int64_t /*step*/, const Logs& /*logs*/) {}

  virtual void on_test_begin() {}
  virtual void on_test_end(const Logs& /*logs*/) {}
  virtual void on_test_batch_begin(int64_t /*step*/) {}
  virtual void on_test_batch_end(int64_t /*step*/, const Logs& /*logs*/) {}

  virtual void on_predict_begin() {}
  virtual void on_predict_end() {}
  virtual void on_predict_batch_begin(int64_t /*step*/) {}
  virtual void on_predict_batch_end(int64_t /*step*/) {}

  /// Called by fit before on_train_begin: the fit that is watched, which lives until on_train_end
  /// has returned.
  void watch(Training& training) { training_ = &training; }

 protected:
  /// The fit that is watched; between on_train_begin and on_train_end only.
  Training& training() const { return *training_; }

 private:
  Training* training_ = nullptr;
};

/// One of the callbacks of a fit: made on the spot, EarlyStopping({.patience = 3}), or shared with
/// whoever looks at it afterwards.
class SharedCallback {
 public:
  /// One that has a name is shared, never copied: C&& is never an lvalue here.
  template <std::derived_from<Callback> C>
  SharedCallback(C&& callback)  // NOLINT: stands for it
      : callback_(std::make_shared<C>(std::forward<C>(callback))) {}
  /// Error for a null pointer.
  template <std::derived_from<Callback> C>
  SharedCallback(std::shared_ptr<C> callback)  // NOLINT: stands for it
      : callback_(std::move(callback)) {
    if (!callback_) throw Error({.where = "callbacks", .expected = "a callback", .found = "null"});
  }
  Callback* operator->() const { return callback_.get(); }
  Callback& operator*() const { return *callback_; }

 private:
  std::shared_ptr<Callback> callback_;
};
using Callbacks = std::vector<SharedCallback>;

}  // namespace cornu::inline v0
