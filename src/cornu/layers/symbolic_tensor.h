#pragma once

#include <memory>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/shape.h"

namespace cornu::inline v0 {

struct LayerCall;

/// A tensor of a network that is being described, Keras's KerasTensor: what an Input is, what a
/// layer is called on, and what it then gives. Cheap to copy; it keeps the calls before it. A
/// network is described on one thread.
class CORNU_API SymbolicTensor {
 public:
  SymbolicTensor(std::shared_ptr<const LayerCall> call, size_t index)
      : call_(std::move(call)), index_(index) {}
  // There is no move: a tensor that was moved from is as it was.
  SymbolicTensor(const SymbolicTensor&) = default;
  SymbolicTensor& operator=(const SymbolicTensor&) = default;

  /// With the batch axis in front: (None, 64).
  const Shape& shape() const;
  /// The call that gives it, and as which of its outputs.
  const LayerCall& call() const { return *call_; }
  size_t index() const { return index_; }

  friend bool operator==(const SymbolicTensor&, const SymbolicTensor&) = default;

 private:
  friend struct LayerCall;
  std::shared_ptr<const LayerCall> call_;
  size_t index_;
};
using SymbolicTensors = std::vector<SymbolicTensor>;

}  // namespace cornu::inline v0
