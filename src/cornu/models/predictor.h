#pragma once

#include <memory>

#include "cornu/core/handle.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

struct PredictorOptions {
  /// Largest number of samples in one call, > 0.
  int64_t rows = 1;
  /// Type of the samples; bytes are read as those of the training data were.
  DType dtype = DType::float32;
};

/// Predictions for real time: on the calling thread, with no allocation, no lock and no other
/// thread after it was made. It shares the model's weights, so it follows later training, but must
/// not be used while that runs. One thread uses a predictor at a time; each may have its own.
class CORNU_API Predictor {
 public:
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;
  ~Predictor();

  /// The outputs (n, …) for samples (n, …), 1 … `rows` of them, or for one sample without its first
  /// axis. They stay until the next call. Error for another shape or dtype, and after a move.
  TensorView predict(TensorView x);

 private:
  friend class Model;
  struct Impl;
  explicit Predictor(std::unique_ptr<Impl> impl);
  Handle<Impl> impl_;
};

}  // namespace cornu::inline v0
