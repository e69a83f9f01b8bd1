#pragma once

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

/// The options that the updates of Adam and AdamW use.
struct AdamNumbers {
  double beta_1, beta_2, epsilon;
  bool amsgrad;
};

/// Error when they are out of range.
void check_adam(const char* where, const AdamNumbers& numbers);
StateOrder order_of_adam(const AdamNumbers& numbers);
void lower_adam(const AdamNumbers& numbers, Builder& b, SlotId w, SlotId dw);

}  // namespace cornu::inline v0
