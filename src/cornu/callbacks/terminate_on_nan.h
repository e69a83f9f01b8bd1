#pragma once

#include "cornu/training/callback.h"

namespace cornu::inline v0 {

/// Ends a fit after the first step whose loss is not finite. It watches batches, so that no step
/// begins before the loss of the last is known.
class CORNU_API TerminateOnNaN final : public Callback {
 public:
  bool may_log(std::string_view) const override { return false; }
  void on_train_batch_end(int64_t step, const Logs& logs) override;
};

}  // namespace cornu::inline v0
