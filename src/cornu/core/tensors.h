#pragma once

#include <initializer_list>
#include <utility>
#include <vector>

#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// The arrays of a data set: one, or several for a network with several inputs or outputs. Made
/// from a Tensor or a view, from vectors and vectors of vectors of numbers, from a matrix of
/// another library, and in braces from several: {a, b}. Views and vectors are copied.
class Tensors {
 public:
  Tensors(Tensor one) { list_.push_back(std::move(one)); }       // NOLINT: converts on purpose
  Tensors(TensorView one) : Tensors(Tensor(one)) {}              // NOLINT
  Tensors(std::vector<Tensor> list) : list_(std::move(list)) {}  // NOLINT
  Tensors(std::initializer_list<TensorView> list)                // NOLINT
      : list_(list.begin(), list.end()) {}
  template <Number T>
  Tensors(const std::vector<T>& values) : Tensors(Tensor(values)) {}  // NOLINT
  template <Number T>
  Tensors(const std::vector<std::vector<T>>& rows) : Tensors(Tensor(rows)) {}  // NOLINT
  template <Matrix M>
  Tensors(const M& matrix) : Tensors(Tensor(matrix)) {}  // NOLINT

  std::vector<Tensor> list() && { return std::move(list_); }

 private:
  std::vector<Tensor> list_;
};

}  // namespace cornu::inline v0
