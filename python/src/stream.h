#pragma once

#include <vector>

#include "arrays.h"
#include "cornu/core/stream.h"
#include "held.h"

namespace cornu::python {

/// Samples from a Python object: next_batch() gives a list of arrays (inputs, targets, weights) or
/// None at the end, and rewind() whether it can begin again. Batches may be of any size.
class PythonStream final : public Stream {
 public:
  /// `first` has arrays as every batch has them: `inputs` of them are inputs, and the last are
  /// `weights`.
  PythonStream(nb::object batches, const std::vector<Array>& first, size_t inputs, size_t weights);

  Spec spec() const override { return spec_; }
  int64_t next(Batch& batch, int64_t capacity) override;
  bool rewind() override;

 private:
  bool read();

  const Held batches_;
  Spec spec_;
  std::vector<Array> arrays_;  ///< of the batch that is being handed on
  int64_t begin_ = 0, end_ = 0;
};

}  // namespace cornu::python
