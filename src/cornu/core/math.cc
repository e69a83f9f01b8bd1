#include "cornu/core/math.h"

#include "cornu/core/math_internal.h"

namespace cornu::inline v0 {

double exp_of(double x) {
  return inlined::exp_of(x);
}
double log_of(double x) {
  return inlined::log_of(x);
}
double pow_of(double x, double y) {
  return inlined::pow_of(x, y);
}
double sin_of(double x) {
  return inlined::sin_of(x);
}
double cos_of(double x) {
  return inlined::cos_of(x);
}

}  // namespace cornu::inline v0
