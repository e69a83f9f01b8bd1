#pragma once

#include <memory>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/shape.h"

namespace cornu::inline v0 {

struct LayerCall;

/// A tensor of a network that is being described, as Keras's KerasTensor. An Input is one; layers
/// are called on some and return others. Cheap to copy; it keeps the calls before it. A network is
/// described on one thread.
class CORNU_API SymbolicTensor {
 public:
  SymbolicTensor(std::shared_ptr<const LayerCall> call, size_t index)
      : call_(std::move(call)), index_(index) {}
  // A move is a copy: the source is unchanged.
  SymbolicTensor(const SymbolicTensor&) = default;
  SymbolicTensor& operator=(const SymbolicTensor&) = default;

  /// With the batch axis in front: (None, 64).
  const Shape& shape() const;
  /// The call that it is an output of, and its index among the outputs.
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
