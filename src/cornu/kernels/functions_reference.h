#pragma once

// The functions of kernels/function.h as plain arithmetic, in the same order as functions-inl.h.
// F provides exp, sigmoid etc. for T.

#include <cmath>

#include "cornu/kernels/function.h"

namespace cornu::inline v0::kernels {

template <class T, class F>
T function_value(const Function& f, T x) {
  const T a = static_cast<T>(f.a);
  const T b = static_cast<T>(f.b);
  const T c = static_cast<T>(f.c);
  switch (f.kind) {
    case Function::linear:
      return x;
    case Function::sigmoid:
      return F::sigmoid(x);
    case Function::relu:
      return x <= 0 ? 0 : x;
    case Function::tanh:
      return F::tanh(x);
    case Function::exponential:
      return F::exp(x);
    case Function::elu:
      return x > 0 ? b * x : static_cast<T>(f.a * f.b) * F::expm1(x);
    case Function::rectifier:
      return x <= b ? (a == 0 ? 0 : a * (x - b)) : (x >= c ? c : x) + 0;
    case Function::gelu:
      return x * std::fma(F::erf(x * T(0x1.6a09e667f3bcdp-1)), T(0.5), T(0.5));
    case Function::silu:
      return x * F::sigmoid(x);
    case Function::softplus:
      return (x > 0 ? x : 0) + F::log1p(F::exp(-std::abs(x)));
    case Function::softsign:
      return x / (1 + std::abs(x));
    case Function::log:
      return F::log(x);
    case Function::sqrt:
      return std::sqrt(x);
    case Function::clip:
      return (x < b ? b : x > c ? c : x) + 0;
  }
  return x;
}

/// dx from dy and the value that the function saves, x or y.
template <class T, class F>
T function_back(const Function& f, T saved, T dy) {
  const T a = static_cast<T>(f.a);
  const T b = static_cast<T>(f.b);
  const T c = static_cast<T>(f.c);
  switch (f.kind) {
    case Function::linear:
      return dy;
    case Function::sigmoid:
      return dy * (saved * (1 - saved));
    case Function::relu:
      return saved > 0 ? dy : 0;
    case Function::tanh:
      return dy * std::fma(-saved, saved, T{1});
    case Function::exponential:
      return dy * saved;
    case Function::elu:
      return dy * (saved < 0 ? saved + static_cast<T>(f.a * f.b) : b);
    case Function::rectifier:
      return saved <= b ? dy * a : saved >= c ? 0 : dy;
    case Function::gelu: {
      const T x = saved;
      const T share = std::fma(F::erf(x * T(0x1.6a09e667f3bcdp-1)), T(0.5), T(0.5));
      const T density = F::exp(x * x * T(-0.5)) * T(0x1.9884533d43651p-2);
      return dy * std::fma(x, density, share);
    }
    case Function::silu: {
      const T s = F::sigmoid(saved);
      return dy * (s * std::fma(saved, 1 - s, T{1}));
    }
    case Function::softplus:
      return dy * F::sigmoid(saved);
    case Function::softsign:
      return dy / (1 + std::abs(saved)) / (1 + std::abs(saved));
    case Function::log:
      return dy / saved;
    case Function::sqrt:
      return dy / (saved + saved);
    case Function::clip:
      return (saved < b || saved > c ? T{0} : dy) + 0;
  }
  return dy;
}

}  // namespace cornu::inline v0::kernels
