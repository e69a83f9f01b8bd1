#include "cornu/callbacks/terminate_on_nan.h"

#include <cmath>
#include <iostream>

namespace cornu::inline v0 {

void TerminateOnNaN::on_train_batch_end(int64_t step, const Logs& logs) {
  const double* loss = logs.find("loss");
  if (loss == nullptr || std::isfinite(*loss)) return;
  if (training().is_first()) {
    std::cerr << "Batch " << step << ": the loss is not finite, terminating training\n";
  }
  training().stop();
}

}  // namespace cornu::inline v0
