#include "cornu/core/array.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

// Calls function(T{}) with the C++ type of `dtype`.
template <class Function>
void with_type(DType dtype, Function function) {
  switch (dtype) {
    case DType::uint8:
      return function(uint8_t{});
    case DType::int32:
      return function(int32_t{});
    case DType::int64:
      return function(int64_t{});
    case DType::float32:
      return function(float{});
    case DType::float64:
      return function(double{});
  }
}

template <class T>
bool is_nan(T value) {
  if constexpr (std::is_floating_point_v<T>) return std::isnan(value);
  return false;
}

// A shape divided at one axis: element (o, i, n) lies at (o · extent + i) · inner + n.
struct Along {
  int64_t outer = 1, extent = 1, inner = 1;
  Shape rest;
};

Along along(const std::string& where, const Shape& shape, int axis) {
  const int ndim = shape.ndim();
  if (axis < -ndim || axis >= ndim) {
    throw Error({.where = where,
                 .expected = ndim == 0 ? "a tensor with axes"
                                       : "an axis within " + std::to_string(-ndim) + " … " +
                                             std::to_string(ndim - 1),
                 .found = "axis " + std::to_string(axis) + " of shape " + shape.str()});
  }
  if (axis < 0) axis += ndim;
  Along split;
  std::vector<int64_t> rest;
  for (int i = 0; i < ndim; ++i) {
    if (i < axis) split.outer *= shape[i];
    if (i > axis) split.inner *= shape[i];
    if (i != axis) rest.push_back(shape[i]);
  }
  split.extent = shape[axis];
  split.rest = Shape(std::span<const int64_t>(rest));
  return split;
}

// Index of the largest of `extent` values that lie `stride` apart.
template <class T>
int64_t largest(const T* values, int64_t extent, int64_t stride) {
  int64_t best = 0;
  for (int64_t i = 1; i < extent && !is_nan(values[best * stride]); ++i) {
    const T value = values[i * stride];
    if (is_nan(value) || value > values[best * stride]) best = i;
  }
  return best;
}

// Calls found(output position, index along the axis, index in the tensor) for each largest value.
template <class Found>
void each_largest(const char* where, TensorView values, const Along& split, Found found) {
  if (split.extent == 0) {
    throw Error({.where = where,
                 .expected = "at least one value along the axis",
                 .found = "shape " + values.shape().str()});
  }
  with_type(values.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* all = values.span<T>().data();
    for (int64_t outer = 0; outer < split.outer; ++outer) {
      for (int64_t inner = 0; inner < split.inner; ++inner) {
        const int64_t start = outer * split.extent * split.inner + inner;
        const int64_t best = largest(all + start, split.extent, split.inner);
        found(outer * split.inner + inner, best, start + best * split.inner);
      }
    }
  });
}

template <class T>
void round_to(std::span<T> values, int decimals) {
  double power = 1;
  for (int64_t i = std::abs(static_cast<int64_t>(decimals)); i > 0 && !std::isinf(power); --i) {
    power *= 10;
  }
  const T scale = static_cast<T>(power);
  for (T& value : values) {
    if (decimals > 0) {
      value = std::rint(value * scale) / scale;
    } else if (decimals < 0) {
      value = std::rint(value / scale) * scale;
    } else {
      value = std::rint(value);
    }
  }
}

}  // namespace

Tensor argmax(TensorView values, int axis) {
  const Along split = along("argmax", values.shape(), axis);
  Tensor indices(split.rest, DType::int64);
  const auto out = indices.span<int64_t>();
  each_largest("argmax", values, split, [out](int64_t position, int64_t index, int64_t) {
    out[static_cast<size_t>(position)] = index;
  });
  return indices;
}

Tensor max(TensorView values, int axis) {
  const Along split = along("max", values.shape(), axis);
  Tensor maxima(split.rest, values.dtype());
  const size_t bytes = itemsize(values.dtype());
  each_largest("max", values, split, [&](int64_t position, int64_t, int64_t source) {
    std::copy_n(values.data() + static_cast<size_t>(source) * bytes, bytes,
                maxima.data() + static_cast<size_t>(position) * bytes);
  });
  return maxima;
}

Tensor round(TensorView values, int decimals) {
  Tensor rounded(values);
  if (values.dtype() == DType::float32) {
    round_to(rounded.span<float>(), decimals);
  } else if (values.dtype() == DType::float64) {
    round_to(rounded.span<double>(), decimals);
  } else if (decimals < 0) {
    throw Error({.where = "round",
                 .expected = "decimals of 0 or more for " + std::string(name(values.dtype())),
                 .found = std::to_string(decimals)});
  }
  return rounded;
}

TopK top_k(TensorView values, int64_t k) {
  const Along split = along("top_k", values.shape(), -1);
  if (k < 0 || k > split.extent) {
    throw Error({.where = "top_k",
                 .expected = "k within 0 … " + std::to_string(split.extent) +
                             ", the last axis of shape " + values.shape().str(),
                 .found = std::to_string(k)});
  }
  std::vector<int64_t> extents(split.rest.extents().begin(), split.rest.extents().end());
  extents.push_back(k);
  const Shape shape{std::span<const int64_t>(extents)};
  TopK top{Tensor(shape, DType::int64), Tensor(shape, values.dtype())};
  with_type(values.dtype(), [&](auto zero) {
    using T = decltype(zero);
    std::vector<int64_t> order(static_cast<size_t>(split.extent));
    for (int64_t row = 0; row < split.outer; ++row) {
      const T* x = values.span<T>().data() + row * split.extent;
      std::iota(order.begin(), order.end(), int64_t{0});
      std::partial_sort(order.begin(), order.begin() + k, order.end(), [x](int64_t a, int64_t b) {
        if (is_nan(x[a]) || is_nan(x[b])) {
          return is_nan(x[a]) == is_nan(x[b]) ? a < b : is_nan(x[b]);
        }
        return x[a] > x[b] || (x[a] == x[b] && a < b);
      });
      for (int64_t i = 0; i < k; ++i) {
        const int64_t index = order[static_cast<size_t>(i)];
        top.indices.span<int64_t>()[static_cast<size_t>(row * k + i)] = index;
        top.values.span<T>()[static_cast<size_t>(row * k + i)] = x[index];
      }
    }
  });
  return top;
}

Tensor to_categorical(TensorView labels, int64_t classes) {
  if (classes <= 0) {
    throw Error({.where = "to_categorical",
                 .expected = "at least one class",
                 .found = std::to_string(classes)});
  }
  const auto extents = labels.shape().extents();
  std::vector<int64_t> rows(extents.begin(), extents.end());
  if (rows.size() > 1 && rows.back() == 1) rows.pop_back();
  rows.push_back(classes);
  Tensor one_hot(Shape{std::span<const int64_t>(rows)});
  const auto out = one_hot.span<float>();
  with_type(labels.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const auto all = labels.span<T>();
    for (size_t i = 0; i < all.size(); ++i) {
      // Compared before it is converted: a float may be any number or NaN. Limits are exact up
      // to 2^53 classes, more than any memory holds.
      const auto value = static_cast<double>(all[i]);
      if (!(value >= 0 && value < static_cast<double>(classes) && value == std::rint(value))) {
        throw Error({.where = "to_categorical",
                     .expected = "labels within 0 … " + std::to_string(classes - 1),
                     .found = std::to_string(all[i]) + " at index " + std::to_string(i)});
      }
      out[i * static_cast<size_t>(classes) + static_cast<size_t>(value)] = 1;
    }
  });
  return one_hot;
}

}  // namespace cornu::inline v0
