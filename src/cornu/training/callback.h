#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/tensor.h"
#include "cornu/training/fit_state.h"
#include "cornu/training/history.h"

namespace cornu::inline v0 {

class Graph;
class Model;

/// The model that a fit trains.
struct TrainedModel {
  const Graph& graph;     ///< its network and weights
  std::string_view type;  ///< "Sequential" or "Functional"
  const std::string& name;
};

/// A moment between two steps at which a fit could be resumed.
struct Pause {
  bool within_epoch = false;  ///< or between two epochs, after the hooks of the first
  bool is_last = false;       ///< the fit ends here
  const Logs& logs;           ///< of the epoch, or of its steps so far
};

/// A fit in progress, for its callbacks to query and change, on the thread that called fit.
class CORNU_API Training {
 public:
  virtual ~Training() = default;
  virtual const History::Params& params() const = 0;
  /// Whether this is the first of several processes that train together, or the only one.
  virtual bool is_first() const = 0;
  /// Ends the fit: no further step begins. The hooks of the present epoch's end are still called.
  virtual void stop() = 0;
  virtual TrainedModel model() const = 0;
  /// Steps that the model has begun in its life: a later fit continues the count.
  virtual int64_t steps() const = 0;
  /// The number of this fit's epoch in the life of the model: `epoch` itself in its first fit. A
  /// later fit whose initial_epoch was trained before continues after the last one.
  virtual int64_t epoch_of_life(int64_t epoch) const = 0;
  /// The learning rate of the next step.
  virtual double learning_rate() const = 0;
  /// Sets it for every step from the next on, in later fits too. Error if the optimizer has a
  /// schedule.
  virtual void set_learning_rate(double learning_rate) = 0;
  /// Whether the optimizer's learning_rate is a schedule, which set_learning_rate refuses.
  virtual bool has_schedule() const = 0;
  /// Copies of all weights, in model order; set_weights puts such copies back.
  virtual std::vector<Tensor> weights() const = 0;
  virtual void set_weights(const std::vector<Tensor>& weights) = 0;
  /// Whether larger values of the log of that name ("loss", "val_accuracy") are better.
  virtual bool higher_is_better(std::string_view name) const = 0;
  /// The names that the fit itself logs in an epoch: loss, metrics, and, if there are validation
  /// data, the same of validation (val_loss).
  virtual std::vector<std::string> log_names() const = 0;
  /// Whether an epoch may have a log of that name: one of log_names(), or one that a callback of
  /// the fit may add.
  virtual bool may_log(std::string_view name) const = 0;
  /// Whether state() can be taken within an epoch, for which each metric needs a state.
  virtual bool has_state_within_epochs() const = 0;
  /// The fit as it stands: in on_pause. Error within an epoch if a metric has no state.
  virtual FitState state() const = 0;
  /// Lets the fit go on from there: in on_train_begin. Error, and the fit is as it was, if it is of
  /// other data, another model or other settings; it lists the differences.
  virtual void resume(FitState state) = 0;
  /// Write the model as it is now, as Model::save and Model::save_weights do. They are defined in
  /// the library that writes files.
  void save(const std::string& path) const;
  void save_weights(const std::string& path) const;

 private:
  /// The model that fit was called on.
  virtual const Model& whole() const = 0;
};

/// Watches a fit, an evaluation or a prediction; every hook does nothing unless overridden. Hooks
/// run on the caller's thread, between steps, so they need no lock; a callback serves one thread at
/// a time. Steps and epochs count from 0.
///
/// In a hook of a fit the model may be evaluated, predicted with and saved; it then has the weights
/// of the last step. Calls that would change a running fit are an Error: compile, execute_with,
/// add, pop, and another fit or train_on_batch of the same model. set_trainable takes effect at the
/// next compile. An exception that a hook throws ends the fit and leaves it; the model then has the
/// weights of the last step, and can be used as before.
class CORNU_API Callback {
 public:
  virtual ~Callback() = default;
  /// Whether hooks of batches do anything; if so, no step begins before they have returned.
  virtual bool watches_batches() const { return true; }
  /// Whether on_epoch_end may add a log of that name. A callback that monitors a log which neither
  /// the fit nor any callback can make is refused before the first step.
  virtual bool may_log(std::string_view /*name*/) const { return true; }
  /// Whether, of several processes that train together, only the first calls its hooks, as it
  /// writes files.
  virtual bool is_for_first() const { return false; }

  virtual void on_train_begin() {}
  /// `history` is the result of fit.
  virtual void on_train_end(const History& /*history*/) {}
  virtual void on_epoch_begin(int64_t /*epoch*/) {}
  /// After validation; `history` holds this epoch already. Logs that are added to `record` are in
  /// the history, too. Not called for an epoch that was stopped before its first step.
  virtual void on_epoch_end(EpochRecord& /*record*/, const History& /*history*/) {}
  virtual void on_train_batch_begin(int64_t /*step*/) {}
  /// With the epoch's logs so far.
  virtual void on_train_batch_end(int64_t /*step*/, const Logs& /*logs*/) {}

  /// Whether on_pause is to be called after that step of the epoch; asked before the step, on any
  /// thread. Unlike hooks of batches this costs nothing at steps without a pause.
  virtual bool wants_pause(int64_t /*step*/) { return false; }
  /// After a step for which wants_pause was true, after each epoch and after a step at which a
  /// StopToken ended the fit; all other hooks of that step or epoch have returned.
  virtual void on_pause(const Pause& /*pause*/) {}
  /// Whether its on_pause takes the state of the fit: it is then called after that of the others,
  /// which may change their states, and its on_train_begin, which may resume one, before theirs.
  virtual bool takes_state() const { return false; }
  /// What it remembers, which is part of the state of a fit: in on_pause. Without a name it
  /// remembers nothing, and the fit may be resumed without it.
  virtual CallbackState state() const { return {}; }
  /// The name that state() has, before on_train_begin too.
  virtual std::string state_name() const { return state().name; }
  /// Goes on with what state() gave, in another process as a rule: after on_train_begin of a fit
  /// that is resumed. Error for values that state() does not give.
  virtual void set_state(const CallbackState& /*state*/) {}

  /// After the fit, also if an exception ended it: closes what it holds open.
  virtual void release() noexcept {}

  virtual void on_test_begin() {}
  virtual void on_test_end(const Logs& /*logs*/) {}
  virtual void on_test_batch_begin(int64_t /*step*/) {}
  virtual void on_test_batch_end(int64_t /*step*/, const Logs& /*logs*/) {}

  virtual void on_predict_begin() {}
  virtual void on_predict_end() {}
  virtual void on_predict_batch_begin(int64_t /*step*/) {}
  virtual void on_predict_batch_end(int64_t /*step*/) {}

  /// Sets the watched fit and returns the one before, or null. fit calls it before on_train_begin,
  /// and after its end with the fit that was returned then.
  Training* watch(Training* training) { return std::exchange(training_, training); }

 protected:
  /// Whether there is one: not in the hooks of evaluate and predict outside a fit.
  bool in_fit() const { return training_ != nullptr; }
  /// The fit that is watched, from on_train_begin to on_train_end. Error outside a fit.
  Training& training() const {
    if (training_ != nullptr) return *training_;
    throw Error({.where = "Callback",
                 .what = "training() was called outside a fit",
                 .hint = "evaluate and predict call the hooks of tests and predictions without "
                         "one"});
  }

 private:
  Training* training_ = nullptr;
};

/// One of the callbacks of a fit: made in the call, EarlyStopping({.patience = 3}), or shared by a
/// pointer, so that it can be read afterwards.
class SharedCallback {
 public:
  /// Takes temporaries only (C&& is never an lvalue here): a variable is shared, never copied.
  template <std::derived_from<Callback> C>
  SharedCallback(C&& callback)  // NOLINT: converts on purpose
      : callback_(std::make_shared<C>(std::forward<C>(callback))) {}
  /// Error for a null pointer.
  template <std::derived_from<Callback> C>
  SharedCallback(std::shared_ptr<C> callback)  // NOLINT: converts on purpose
      : callback_(std::move(callback)) {
    if (!callback_) throw Error({.where = "callbacks", .expected = "a callback", .found = "null"});
  }
  // A move is a copy: the source is unchanged.
  SharedCallback(const SharedCallback&) = default;
  SharedCallback& operator=(const SharedCallback&) = default;
  Callback* operator->() const { return callback_.get(); }
  Callback& operator*() const { return *callback_; }

 private:
  std::shared_ptr<Callback> callback_;
};
using Callbacks = std::vector<SharedCallback>;

}  // namespace cornu::inline v0
