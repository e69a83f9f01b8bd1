// The only file that uses libm's functions: it verifies gradients and is never used to train.

#include <cmath>

#include "cornu/kernels/reference-inl.h"

namespace cornu::inline v0::kernels {
namespace {

struct DoubleFunctions {
  static double exp(double x) { return std::exp(x); }
  static double expm1(double x) { return std::expm1(x); }
  static double log(double x) { return std::log(x); }
  static double log1p(double x) { return std::log1p(x); }
  static double tanh(double x) { return std::tanh(x); }
  static double erf(double x) { return std::erf(x); }
  static double sigmoid(double x) {
    const double e = std::exp(-std::abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }
};

}  // namespace

template <>
CORNU_API const TableOf<double>& reference_table<double>() {
  return kReferenceTable<double, DoubleFunctions>;
}

}  // namespace cornu::inline v0::kernels
