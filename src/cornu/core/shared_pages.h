#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "cornu/core/block.h"
#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// Memory for many tensors that a file fills: the small ones lie beside each other in huge pages,
/// which the system gives and clears several times as fast as small pages. It is freed with the
/// last of them.
class CORNU_API SharedPages {
 public:
  /// `nbytes` of all tensors together.
  explicit SharedPages(uint64_t nbytes) : nbytes_(nbytes) {}

  /// As Tensor::unset.
  Tensor unset(const Shape& shape, DType dtype);

 private:
  const uint64_t nbytes_;
  std::shared_ptr<Block> whole_;  ///< made for the first small tensor
  size_t taken_ = 0;
};

}  // namespace cornu::inline v0
