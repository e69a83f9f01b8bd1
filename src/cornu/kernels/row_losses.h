#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

/// One value per row of predictions p and targets t; sums and the largest over sixteen virtual
/// lanes.
///
/// categorical_hinge  max(max_j (1 − t)·p − Σ_j t·p + 1, 0)
/// cosine_similarity  −Σ_j (t·n(t))·(p·n(p)), n(x) = min(1 / √Σ x², 1e7)
template <class T>
struct RowLossArgsOf {
  const T* y_pred;
  const T* y_true;
  T* loss;
  int64_t rows, cols;
};

/// dp = scale · the derivative of the loss. Adds to dp if `accumulate`, else overwrites it.
///
/// categorical_hinge  −t, plus (1 − t) / m for each of the m classes with the largest (1 − t)·p;
///                    0 where the value before max(…, 0) is below 0
/// cosine_similarity  −n(p)·(T − P·Σ T·P), T = t·n(t) and P = p·n(p); −n(p)·T where n(p) is 1e7
template <class T>
struct RowLossBackArgsOf {
  const T* y_pred;
  const T* y_true;
  T* dy_pred;
  T scale;
  int64_t rows, cols;
  bool accumulate;
};

using RowLossArgs = RowLossArgsOf<float>;
using RowLossBackArgs = RowLossBackArgsOf<float>;

/// Losses of whole rows.
template <class T>
struct RowLossKernelsOf {
  void (*categorical_hinge)(const RowLossArgsOf<T>&);
  void (*categorical_hinge_back)(const RowLossBackArgsOf<T>&);
  void (*cosine_similarity)(const RowLossArgsOf<T>&);
  void (*cosine_similarity_back)(const RowLossBackArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
