#include "cornu/kernels/reference-inl.h"
#include "cornu/kernels/targets_internal.h"

namespace cornu::inline v0::kernels {
namespace {

/// Cornu's own functions, as on every target: libm's would give other bits.
struct FloatFunctions {
  static float exp(float x) { return of_one(portable_tables().math.exp, x); }
  static float expm1(float x) { return of_one(portable_tables().math.expm1, x); }
  static float log(float x) { return of_one(portable_tables().math.log, x); }
  static float log1p(float x) { return of_one(portable_tables().math.log1p, x); }
  static float sigmoid(float x) { return of_one(portable_tables().math.sigmoid, x); }
  static float tanh(float x) { return of_one(portable_tables().math.tanh, x); }
  static float erf(float x) { return of_one(portable_tables().math.erf, x); }

  static float of_one(void (*function)(const float*, float*, int64_t), float x) {
    float y;
    function(&x, &y, 1);
    return y;
  }
};

}  // namespace

template <>
CORNU_API const TableOf<float>& reference_table<float>() {
  return kReferenceTable<float, FloatFunctions>;
}

}  // namespace cornu::inline v0::kernels
