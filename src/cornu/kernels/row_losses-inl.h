// Compiled once per target. The losses of kernels/row_losses.h.

#if defined(CORNU_KERNELS_ROW_LOSSES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_ROW_LOSSES_INL_H_
#undef CORNU_KERNELS_ROW_LOSSES_INL_H_
#else
#define CORNU_KERNELS_ROW_LOSSES_INL_H_
#endif

#include "cornu/kernels/rows-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// Σ a·b, one fma per pair.
template <class Rows>
CORNU_INLINE Vector dot_of(const Rows& rows, const typename Rows::In& a,
                           const typename Rows::In& b) {
  return rows.template reduce<Sum>([&](Vector lane, auto at)
                                       CORNU_LAMBDA { return hn::MulAdd(a(at), b(at), lane); });
}

/// (1 − t)·p; −∞ in absent lanes.
template <class Rows, class Place>
CORNU_INLINE Vector other_class(const typename Rows::In& p, const typename Rows::In& t, Place at) {
  return hn::Mul(hn::Sub(constant(1), t(at)), p(at, Largest::kIdentity));
}

/// The loss before max(…, 0), and the largest (1 − t)·p.
struct HingeParts {
  Vector value, largest;
};

template <class Rows>
CORNU_INLINE HingeParts hinge_parts(const Rows& rows, const typename Rows::In& p,
                                    const typename Rows::In& t) {
  const Vector largest = rows.template reduce<Largest>([&](Vector lane, auto at) CORNU_LAMBDA {
    return Largest::join(lane, other_class<Rows>(p, t, at));
  });
  return {hn::Add(hn::Sub(largest, dot_of(rows, t, p)), constant(1)), largest};
}

template <class Rows>
CORNU_INLINE void categorical_hinge_of(const RowLossArgs& a, const Rows& rows) {
  const typename Rows::In p(rows, a.y_pred);
  const typename Rows::In t(rows, a.y_true);
  const Vector value = hinge_parts(rows, p, t).value;
  rows.put_row(a.loss, hn::IfThenElse(hn::Lt(value, constant(0)), constant(0), value));
}

template <class Rows>
CORNU_INLINE void categorical_hinge_back_of(const RowLossBackArgs& a, const Rows& rows) {
  const typename Rows::In p(rows, a.y_pred);
  const typename Rows::In t(rows, a.y_true);
  const HingeParts parts = hinge_parts(rows, p, t);
  // 1 where a class is the largest, else 0.
  const auto chosen = [&](auto at) CORNU_LAMBDA {
    const auto is_largest = hn::Eq(other_class<Rows>(p, t, at), parts.largest);
    return hn::IfThenElse(is_largest, constant(1), constant(0));
  };
  const Vector count = rows.template reduce<Sum>([&](Vector lane, auto at) CORNU_LAMBDA {
    return hn::Add(lane, Rows::present(at, chosen(at)));
  });
  const Vector weight =
      hn::IfThenElse(hn::Ge(parts.value, constant(0)), constant(a.scale), constant(0));
  rows.put(a.dy_pred, a.accumulate, [&](auto at) CORNU_LAMBDA {
    const Vector share = hn::Div(hn::Mul(chosen(at), hn::Sub(constant(1), t(at))), count);
    return hn::Mul(hn::Sub(share, t(at)), weight);
  });
}

/// 1 / √Σ x², at most 1e7: 1 / 0 is ∞ and so bounded too.
template <class Rows>
CORNU_INLINE Vector inverse_norm(const Rows& rows, const typename Rows::In& x) {
  const Vector inverse = hn::Div(constant(1), hn::Sqrt(dot_of(rows, x, x)));
  return hn::IfThenElse(hn::Gt(inverse, constant(1e7F)), constant(1e7F), inverse);
}

/// Σ (t·nt)·(p·np).
template <class Rows>
CORNU_INLINE Vector cosine_of(const Rows& rows, const typename Rows::In& p, Vector np,
                              const typename Rows::In& t, Vector nt) {
  return rows.template reduce<Sum>([&](Vector lane, auto at) CORNU_LAMBDA {
    return hn::MulAdd(hn::Mul(t(at), nt), hn::Mul(p(at), np), lane);
  });
}

template <class Rows>
CORNU_INLINE void cosine_similarity_of(const RowLossArgs& a, const Rows& rows) {
  const typename Rows::In p(rows, a.y_pred);
  const typename Rows::In t(rows, a.y_true);
  const Vector cosine = cosine_of(rows, p, inverse_norm(rows, p), t, inverse_norm(rows, t));
  rows.put_row(a.loss, hn::Sub(constant(0), cosine));
}

template <class Rows>
CORNU_INLINE void cosine_similarity_back_of(const RowLossBackArgs& a, const Rows& rows) {
  const typename Rows::In p(rows, a.y_pred);
  const typename Rows::In t(rows, a.y_true);
  const Vector np = inverse_norm(rows, p);
  const Vector nt = inverse_norm(rows, t);
  // At its bound, the norm is a constant.
  const Vector cosine =
      hn::IfThenElse(hn::Ge(np, constant(1e7F)), constant(0), cosine_of(rows, p, np, t, nt));
  const Vector weight = hn::Mul(np, constant(a.scale));
  rows.put(a.dy_pred, a.accumulate, [&](auto at) CORNU_LAMBDA {
    const Vector along = hn::Mul(hn::Mul(p(at), np), cosine);
    return hn::Mul(hn::Sub(along, hn::Mul(t(at), nt)), weight);
  });
}

inline void categorical_hinge(const RowLossArgs& a) {
  for_each_row(a.rows, a.cols,
               [&](const auto& rows) CORNU_LAMBDA { categorical_hinge_of(a, rows); });
}

inline void categorical_hinge_back(const RowLossBackArgs& a) {
  for_each_row(a.rows, a.cols,
               [&](const auto& rows) CORNU_LAMBDA { categorical_hinge_back_of(a, rows); });
}

inline void cosine_similarity(const RowLossArgs& a) {
  for_each_row(a.rows, a.cols,
               [&](const auto& rows) CORNU_LAMBDA { cosine_similarity_of(a, rows); });
}

inline void cosine_similarity_back(const RowLossBackArgs& a) {
  for_each_row(a.rows, a.cols,
               [&](const auto& rows) CORNU_LAMBDA { cosine_similarity_back_of(a, rows); });
}

constexpr RowLossKernelsOf<float> kRowLossKernels = {
    .categorical_hinge = categorical_hinge,
    .categorical_hinge_back = categorical_hinge_back,
    .cosine_similarity = cosine_similarity,
    .cosine_similarity_back = cosine_similarity_back,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_ROW_LOSSES_INL_H_
