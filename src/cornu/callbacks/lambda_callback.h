#pragma once

#include <functional>

#include "cornu/training/callback.h"

namespace cornu::inline v0 {

struct LambdaCallbackOptions {
  /// Before each epoch.
  std::function<void(int64_t epoch)> on_epoch_begin = {};
  /// After each epoch and its validation.
  std::function<void(EpochRecord& record, const History& history)> on_epoch_end = {};
  /// Once, before the first epoch.
  std::function<void()> on_train_begin = {};
  /// Once, after the last epoch.
  std::function<void(const History& history)> on_train_end = {};
  /// Before each step.
  std::function<void(int64_t step)> on_train_batch_begin = {};
  /// After each step, with the epoch's logs so far.
  std::function<void(int64_t step, const Logs& logs)> on_train_batch_end = {};
};

/// Calls the functions it is given: LambdaCallback({.on_epoch_end = [](auto& record, auto&) {…}}).
/// Without functions of batches it does not interrupt the steps.
class CORNU_API LambdaCallback final : public Callback {
 public:
  explicit LambdaCallback(LambdaCallbackOptions options);
  bool watches_batches() const override;
  bool may_log(std::string_view name) const override;
  void on_epoch_begin(int64_t epoch) override;
  void on_epoch_end(EpochRecord& record, const History& history) override;
  void on_train_begin() override;
  void on_train_end(const History& history) override;
  void on_train_batch_begin(int64_t step) override;
  void on_train_batch_end(int64_t step, const Logs& logs) override;

 private:
  LambdaCallbackOptions options_;
};

}  // namespace cornu::inline v0
