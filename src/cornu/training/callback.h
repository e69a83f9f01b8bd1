#pragma once

#include <cstdint>

#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// Watches a fit; every hook does nothing unless overridden. Hooks run on the caller's thread,
/// between steps.
class CORNU_API Callback {
 public:
  virtual ~Callback() = default;
  /// Whether on_train_batch_end does anything: if so no step begins before it has returned.
  virtual bool watches_batches() const { return true; }
  virtual void on_train_begin() {}
  virtual void on_epoch_begin(int64_t /*epoch*/) {}
  /// After each step, with the epoch's logs so far.
  virtual void on_train_batch_end(int64_t /*step*/, const Logs& /*logs*/) {}
  /// After validation; `history` holds this epoch already.
  virtual void on_epoch_end(const EpochRecord& /*record*/, const History& /*history*/) {}
  virtual void on_train_end(const History& /*history*/) {}
};

}  // namespace cornu::inline v0
