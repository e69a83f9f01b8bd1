#pragma once

#include "cornu/layers/symbolic_tensor.h"

namespace cornu::inline v0 {

/// Arithmetic between tensors of a network that is being described, element by element. Each makes
/// a layer: Add, Subtract or Multiply, which need two tensors of the same shape, or Rescaling if
/// one side is a number.
CORNU_API SymbolicTensor operator+(const SymbolicTensor& a, const SymbolicTensor& b);
CORNU_API SymbolicTensor operator-(const SymbolicTensor& a, const SymbolicTensor& b);
CORNU_API SymbolicTensor operator*(const SymbolicTensor& a, const SymbolicTensor& b);
CORNU_API SymbolicTensor operator+(const SymbolicTensor& a, double b);
CORNU_API SymbolicTensor operator+(double a, const SymbolicTensor& b);
CORNU_API SymbolicTensor operator-(const SymbolicTensor& a, double b);
CORNU_API SymbolicTensor operator-(double a, const SymbolicTensor& b);
CORNU_API SymbolicTensor operator*(const SymbolicTensor& a, double b);
CORNU_API SymbolicTensor operator*(double a, const SymbolicTensor& b);
CORNU_API SymbolicTensor operator-(const SymbolicTensor& a);

}  // namespace cornu::inline v0
