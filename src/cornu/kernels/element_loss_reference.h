#pragma once

// The losses of kernels/element_loss.h as plain loops that add in the same order as
// element_loss-inl.h. F provides exp, log1p etc. for T.

#include <cmath>

#include "cornu/kernels/element_loss.h"
#include "cornu/kernels/rows_reference.h"

namespace cornu::inline v0::kernels {

template <class T, class F>
struct ElementLossReference : RowsReference<T> {
  using Base = RowsReference<T>;
  using Base::clip;
  using Base::clip_below;
  using Base::kClipHigh;
  using Base::kClipLow;
  using Base::outside_clip;

  static T sign_of(T x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
  static T above_zero(T x) { return x < 0 ? 0 : x; }
  static T signed_label(T t) { return t == 0 ? -1 : t; }
  static T margin(T p, T t) { return std::fma(-signed_label(t), p, T{1}); }

  static T value(const LossFunction& f, T p, T t) {
    const T d = p - t;
    const T delta = static_cast<T>(f.delta);
    switch (f.kind) {
      case LossFunction::squared_error:
        return d * d;
      case LossFunction::absolute_error:
        return std::abs(d);
      case LossFunction::absolute_percentage_error:
        return 100 * std::abs(d / clip_below(std::abs(t)));
      case LossFunction::squared_logarithmic_error: {
        const T difference = F::log1p(clip_below(p)) - F::log1p(clip_below(t));
        return difference * difference;
      }
      case LossFunction::huber:
        return std::abs(d) <= delta ? T(0.5) * d * d : delta * (std::abs(d) - T(0.5) * delta);
      case LossFunction::log_cosh:
        return std::abs(d) + F::log1p(T(0.5) * F::expm1(-2 * std::abs(d)));
      case LossFunction::hinge:
        return above_zero(margin(p, t));
      case LossFunction::squared_hinge:
        return above_zero(margin(p, t)) * above_zero(margin(p, t));
      case LossFunction::kl_divergence:
        return clip(t, 1) * F::log(clip(t, 1) / clip(p, 1));
      case LossFunction::poisson:
        return std::fma(-t, F::log(p + kClipLow), p);
      case LossFunction::binary_crossentropy: {
        const T c = clip(p);
        const T rest = p > kClipHigh ? T(-0x1.01e3b843eaa73p4) : F::log1p(-c);
        return -std::fma(t, F::log(c), (1 - t) * rest);
      }
      case LossFunction::binary_crossentropy_of_logits:
        return std::fma(-p, t, above_zero(p)) + F::log1p(F::exp(-std::abs(p)));
    }
    return d;
  }

  static T slope(const LossFunction& f, T p, T t) {
    const T d = p - t;
    const T delta = static_cast<T>(f.delta);
    switch (f.kind) {
      case LossFunction::squared_error:
        return d + d;
      case LossFunction::absolute_error:
        return sign_of(d);
      case LossFunction::absolute_percentage_error:
        return sign_of(d) * (100 / clip_below(std::abs(t)));
      case LossFunction::squared_logarithmic_error: {
        const T difference = F::log1p(clip_below(p)) - F::log1p(clip_below(t));
        return p < kClipLow ? 0 : (difference + difference) / (p + 1);
      }
      case LossFunction::huber:
        return std::abs(d) <= delta ? d : delta * sign_of(d);
      case LossFunction::log_cosh:
        return F::tanh(d);
      case LossFunction::hinge:
        return margin(p, t) >= 0 ? -signed_label(t) : 0;
      case LossFunction::squared_hinge:
        return -2 * signed_label(t) * above_zero(margin(p, t));
      case LossFunction::kl_divergence:
        return outside_clip(p, 1) ? 0 : -(clip(t, 1) / p);
      case LossFunction::poisson:
        return 1 - t / (p + kClipLow);
      case LossFunction::binary_crossentropy:
        return outside_clip(p) ? 0 : (1 - t) / (1 - p) - t / p;
      case LossFunction::binary_crossentropy_of_logits:
        return F::sigmoid(p) - t;
    }
    return d;
  }

  static void element_loss(const ElementLossArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T* p = a.y_pred + i * a.cols;
      const T* t = a.y_true + i * a.cols;
      const T sum = Base::sum(
          a.cols, [&](T lane, int64_t j) { return lane + value(a.function, p[j], t[j]); });
      a.loss[i] = sum / (a.function.is_mean() ? static_cast<T>(a.cols) : 1);
    }
  }

  static void element_loss_back(const ElementLossBackArgsOf<T>& a) {
    const T weight = a.function.is_mean() ? a.scale / static_cast<T>(a.cols) : a.scale;
    for (int64_t i = 0; i < a.rows * a.cols; ++i) {
      Base::put(a.dy_pred[i], slope(a.function, a.y_pred[i], a.y_true[i]) * weight, a.accumulate);
    }
  }

  static constexpr ElementLossKernelsOf<T> kKernels = {
      .element_loss = element_loss,
      .element_loss_back = element_loss_back,
  };
};

}  // namespace cornu::inline v0::kernels
