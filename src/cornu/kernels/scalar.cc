#include "cornu/kernels/scalar_internal.h"

#include <array>
#include <bit>
#include <cstring>

#include "cornu/core/rng.h"

namespace cornu::inline v0::kernels {

template <class T, class X>
static void decode_of(const DecodeArgsOf<T>& a, const X* x) {
  for (int64_t i = 0; i < a.size; ++i) a.y[i] = (static_cast<T>(x[i]) - a.offset) / a.divisor;
}

/// With many elements, each of the 256 byte values is divided only once.
template <class T>
static void decode_bytes(const DecodeArgsOf<T>& a, const uint8_t* x) {
  if (a.size < 1024) return decode_of(a, x);
  T values[256];
  for (int byte = 0; byte < 256; ++byte) {
    values[byte] = (static_cast<T>(byte) - a.offset) / a.divisor;
  }
  for (int64_t i = 0; i < a.size; ++i) a.y[i] = values[x[i]];
}

template <class T>
void decode(const DecodeArgsOf<T>& a) {
  switch (a.dtype) {
    case DType::uint8:
      return decode_bytes(a, static_cast<const uint8_t*>(a.x));
    case DType::int32:
      return decode_of(a, static_cast<const int32_t*>(a.x));
    case DType::int64:
      return decode_of(a, static_cast<const int64_t*>(a.x));
    case DType::float32:
      return decode_of(a, static_cast<const float*>(a.x));
    case DType::float64:
      return decode_of(a, static_cast<const double*>(a.x));
  }
}

template <class T>
bool encode(const EncodeArgsOf<T>& a) {
  for (int64_t i = 0; i < a.size; ++i) {
    const T rounded_down = a.x[i] * a.divisor + a.offset + T(0.5);
    if (!(rounded_down >= 0 && rounded_down < 256)) return false;  // NaN too
    a.y[i] = static_cast<uint8_t>(rounded_down);
    const T decoded = (static_cast<T>(a.y[i]) - a.offset) / a.divisor;
    if (std::memcmp(&decoded, &a.x[i], sizeof(T)) != 0) return false;
  }
  return true;
}

/// A label of no class leaves zeros; those of a batch are checked before, but a layer may give any.
template <class T, class Label>
static void one_hot_of(const OneHotArgsOf<T>& a, const Label* labels) {
  for (int64_t i = 0; i < a.rows; ++i) {
    T* y = a.y + i * a.cols;
    for (int64_t j = 0; j < a.cols; ++j) y[j] = 0;
    const auto label = static_cast<double>(labels[i]);
    if (label > -1 && label < static_cast<double>(a.cols)) y[static_cast<int64_t>(label)] = 1;
  }
}

template <class T>
void one_hot(const OneHotArgsOf<T>& a) {
  switch (a.dtype) {
    case DType::uint8:
      return one_hot_of(a, static_cast<const uint8_t*>(a.labels));
    case DType::int32:
      return one_hot_of(a, static_cast<const int32_t*>(a.labels));
    case DType::int64:
      return one_hot_of(a, static_cast<const int64_t*>(a.labels));
    case DType::float32:
      return one_hot_of(a, static_cast<const float*>(a.labels));
    case DType::float64:
      return one_hot_of(a, static_cast<const double*>(a.labels));
  }
}

namespace {

// x, or 0 where it is dropped. Half of all choices may be either, which no branch predictor learns.
float kept_or_zero(float x, bool kept) {
  return std::bit_cast<float>(std::bit_cast<uint32_t>(x) & (0 - static_cast<uint32_t>(kept)));
}
double kept_or_zero(double x, bool kept) {
  return std::bit_cast<double>(std::bit_cast<uint64_t>(x) & (0 - static_cast<uint64_t>(kept)));
}

// The first `count` elements of a block of four, which `words` decide on.
template <class T>
void drop(const std::array<uint32_t, 4>& words, T rate, T scale, const T* x, T* y, int64_t count,
          bool accumulate) {
  for (int64_t i = 0; i < count; ++i) {
    const T value = kept_or_zero(x[i] * scale, uniform(words[static_cast<size_t>(i)]) >= rate);
    y[i] = accumulate ? y[i] + value : value;
  }
}

}  // namespace

template <class T>
void dropout(const DropoutArgsOf<T>& a) {
  const T scale = 1 / (1 - a.rate);
  for (int64_t i = 0; i < a.rows; ++i) {
    const T* x = a.x + i * a.x_row;
    T* y = a.y + i * a.y_row;
    for (int64_t j = 0; j < a.cols; j += 4) {
      const auto words =
          Philox::words(a.key, a.sample[i], static_cast<uint64_t>((a.first + j) / 4));
      const int64_t count = a.cols - j < 4 ? a.cols - j : 4;
      drop(words, a.rate, scale, x + j, y + j, count, a.accumulate);
    }
  }
}

// Lanes do not depend on each other, so compilers may do several at once; squares are exact.
template <class T>
double squared_norm(const T* x, int64_t size) {
  constexpr int64_t kBlock = 4096;
  constexpr int64_t kSums = 16;
  double total = 0;
  for (int64_t begin = 0; begin < size; begin += kBlock) {
    const int64_t end = size - begin < kBlock ? size : begin + kBlock;
    double sums[kSums] = {};
    for (int64_t i = begin; i < end; ++i) {
      const auto value = static_cast<double>(x[i]);
      sums[(i - begin) % kSums] += value * value;
    }
    for (int64_t width = kSums / 2; width > 0; width /= 2) {
      for (int64_t i = 0; i < width; ++i) sums[i] += sums[i + width];
    }
    total += sums[0];
  }
  return total;
}

template <class T>
double penalty(const T* w, int64_t size, double l1, double l2) {
  constexpr int64_t kLanes = 16;
  double sizes[kLanes] = {};
  double squares[kLanes] = {};
  for (int64_t i = 0; i < size; ++i) {
    const auto value = static_cast<double>(w[i]);
    sizes[i % kLanes] += value < 0 ? -value : value;
    squares[i % kLanes] += value * value;
  }
  double sum = 0;
  double sum_of_squares = 0;
  for (const double lane : sizes) sum += lane;
  for (const double lane : squares) sum_of_squares += lane;
  return l1 * sum + l2 * sum_of_squares;
}

template double penalty(const float*, int64_t, double, double);
template double penalty(const double*, int64_t, double, double);
template double squared_norm(const float*, int64_t);
template double squared_norm(const double*, int64_t);
template void decode(const DecodeArgsOf<float>&);
template void decode(const DecodeArgsOf<double>&);
template bool encode(const EncodeArgsOf<float>&);
template bool encode(const EncodeArgsOf<double>&);
template void one_hot(const OneHotArgsOf<float>&);
template void one_hot(const OneHotArgsOf<double>&);
template void dropout(const DropoutArgsOf<float>&);
template void dropout(const DropoutArgsOf<double>&);

}  // namespace cornu::inline v0::kernels
