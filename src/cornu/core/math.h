#pragma once

#include "cornu/core/export.h"

namespace cornu::inline v0 {

// Functions of one double with the same bits on every machine: sums, products, fused multiply-adds
// and divisions, in a fixed order, and only those functions of libm that are exact. For learning
// rates, first weights and metrics, a few at a time; kernels/ has its own for tensors.

/// eˣ within 1 ulp: 0 below −745.2, infinity above 709.8, NaN for NaN.
CORNU_API double exp_of(double x);
/// ln x within 2 ulp: −infinity for 0, NaN below 0 and for NaN.
CORNU_API double log_of(double x);
/// xʸ for x > 0, within 3 + 4·|y ln x| ulp; 0ʸ is 0, 1 or infinity as y is above, at or below 0;
/// NaN for x below 0.
CORNU_API double pow_of(double x, double y);
/// sin x and cos x within 2⁻⁵² for |x| ≤ 2²⁰; NaN beyond.
CORNU_API double sin_of(double x);
CORNU_API double cos_of(double x);

}  // namespace cornu::inline v0
