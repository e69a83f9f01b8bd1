#include "cornu/layers/arithmetic.h"

#include "cornu/layers/merge.h"
#include "cornu/layers/rescaling.h"

namespace cornu::inline v0 {
namespace {

SymbolicTensor rescaled(const SymbolicTensor& x, double scale, double offset) {
  return Rescaling({.scale = scale, .offset = offset})(x);
}

}  // namespace

SymbolicTensor operator+(const SymbolicTensor& a, const SymbolicTensor& b) {
  return Add()({a, b});
}
SymbolicTensor operator-(const SymbolicTensor& a, const SymbolicTensor& b) {
  return Subtract()({a, b});
}
SymbolicTensor operator*(const SymbolicTensor& a, const SymbolicTensor& b) {
  return Multiply()({a, b});
}
SymbolicTensor operator+(const SymbolicTensor& a, double b) {
  return rescaled(a, 1, b);
}
SymbolicTensor operator+(double a, const SymbolicTensor& b) {
  return rescaled(b, 1, a);
}
SymbolicTensor operator-(const SymbolicTensor& a, double b) {
  return rescaled(a, 1, -b);
}
SymbolicTensor operator-(double a, const SymbolicTensor& b) {
  return rescaled(b, -1, a);
}
SymbolicTensor operator*(const SymbolicTensor& a, double b) {
  return rescaled(a, b, 0);
}
SymbolicTensor operator*(double a, const SymbolicTensor& b) {
  return rescaled(b, a, 0);
}
SymbolicTensor operator-(const SymbolicTensor& a) {
  return rescaled(a, -1, 0);
}

}  // namespace cornu::inline v0
