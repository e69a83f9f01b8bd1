#include "cornu/kernels/normalize.h"

#include <array>
#include <cmath>

namespace cornu::inline v0::kernels {
namespace {

constexpr int64_t kPanel = 64;  // columns whose sums are kept side by side

int64_t smaller(int64_t a, int64_t b) {
  return a < b ? a : b;
}

using Panel = std::array<double, static_cast<size_t>(kPanel)>;

/// f(line, column, sum) for each number of a panel, lines ascending.
template <class F>
void over(int64_t lines, int64_t cols, const F& f) {
  for (int64_t i = 0; i < lines; ++i) {
    for (int64_t j = 0; j < cols; ++j) f(i, j);
  }
}

/// The sum of value(j) along a line, sixteen lanes.
template <class Value>
double along(int64_t cols, const Value& value) {
  std::array<double, 16> lanes{};
  int64_t j = 0;
  for (; j + 16 <= cols; j += 16) {
    for (int64_t i = 0; i < 16; ++i) lanes[static_cast<size_t>(i)] += value(j + i);
  }
  for (int64_t i = 0; j < cols; ++i, ++j) lanes[static_cast<size_t>(i)] += value(j);
  for (size_t half = 8; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

double inverse_root(double variance, double epsilon) {
  return 1 / std::sqrt(variance + epsilon);
}

}  // namespace

template <class T, class R>
void column_moments(const ColumnsOf<T>& a, R* mean, R* variance) {
  const auto count = static_cast<double>(a.lines);
  for (int64_t begin = 0; begin < a.cols; begin += kPanel) {
    const int64_t cols = smaller(kPanel, a.cols - begin);
    const T* const x = a.x + begin;
    Panel means{};
    Panel squares{};
    over(a.lines, cols, [&](int64_t i, int64_t j) {
      means[static_cast<size_t>(j)] += static_cast<double>(x[i * a.row + j]);
    });
    for (int64_t j = 0; j < cols; ++j) means[static_cast<size_t>(j)] /= count;
    over(a.lines, cols, [&](int64_t i, int64_t j) {
      const double off = static_cast<double>(x[i * a.row + j]) - means[static_cast<size_t>(j)];
      squares[static_cast<size_t>(j)] += off * off;
    });
    for (int64_t j = 0; j < cols; ++j) {
      mean[begin + j] = static_cast<R>(means[static_cast<size_t>(j)]);
      variance[begin + j] = static_cast<R>(squares[static_cast<size_t>(j)] / count);
    }
  }
}

template <class T>
void merge_moments(const MomentsOfShards& a, T* mean, T* variance) {
  const auto rows = static_cast<double>(a.ends[a.shards - 1]);
  // Σ n · value(s) / Σ n; a shard without rows has no value.
  const auto average = [&](const auto& value) {
    double sum = 0;
    for (int s = 0; s < a.shards; ++s) {
      const int64_t count = a.ends[s] - (s == 0 ? 0 : a.ends[s - 1]);
      if (count > 0) sum += static_cast<double>(count) * value(s);
    }
    return sum / rows;
  };
  for (int64_t j = 0; j < a.cols; ++j) {
    const double now = average([&](int s) { return a.means[s * a.next + j]; });
    mean[j] = static_cast<T>(now);
    variance[j] = static_cast<T>(average([&](int s) {
      const double off = a.means[s * a.next + j] - now;
      return a.variances[s * a.next + j] + off * off;
    }));
  }
}

template <class T>
void column_products(const ColumnsOf<T>& a, const T* dy, int64_t dy_row, const T* mean,
                     const T* variance, double epsilon, T* sums, T* products) {
  for (int64_t begin = 0; begin < a.cols; begin += kPanel) {
    const int64_t cols = smaller(kPanel, a.cols - begin);
    Panel sum{};
    Panel product{};
    over(a.lines, cols, [&](int64_t i, int64_t j) {
      const auto back = static_cast<double>(dy[i * dy_row + begin + j]);
      const auto x = static_cast<double>(a.x[i * a.row + begin + j]);
      sum[static_cast<size_t>(j)] += back;
      product[static_cast<size_t>(j)] += back * (x - static_cast<double>(mean[begin + j]));
    });
    for (int64_t j = 0; j < cols; ++j) {
      const auto at = static_cast<size_t>(j);
      const double scale = inverse_root(static_cast<double>(variance[begin + j]), epsilon);
      sums[begin + j] = static_cast<T>(sum[at]);
      products[begin + j] = static_cast<T>(product[at] * scale);
    }
  }
}

template <class T>
void back_of_columns(const BackOfColumnsArgsOf<T>& a, T* scale, T* shift, T* slope) {
  const auto count = static_cast<double>(a.lines);
  for (int64_t j = 0; j < a.cols; ++j) {
    const double inverse = inverse_root(static_cast<double>(a.variance[j]), a.epsilon);
    const double gamma = a.gamma == nullptr ? 1 : static_cast<double>(a.gamma[j]);
    scale[j] = static_cast<T>(gamma * inverse);
    shift[j] = static_cast<T>(static_cast<double>(a.sums[j]) / count);
    slope[j] = static_cast<T>(static_cast<double>(a.products[j]) * inverse / count);
  }
}

template <class T>
void line_norm(const LineNormArgsOf<T>& a) {
  const auto count = static_cast<double>(a.cols);
  for (int64_t i = 0; i < a.lines; ++i) {
    const T* const x = a.x + i * a.cols;
    T* const y = a.y + i * a.cols;
    const double mean = along(a.cols, [x](int64_t j) { return static_cast<double>(x[j]); }) / count;
    const double variance = along(a.cols,
                                  [x, mean](int64_t j) {
                                    const double off = static_cast<double>(x[j]) - mean;
                                    return off * off;
                                  }) /
                            count;
    a.mean[i] = static_cast<T>(mean);
    a.inverse[i] = static_cast<T>(inverse_root(variance, a.epsilon));
    for (int64_t j = 0; j < a.cols; ++j) {
      const T normal = (x[j] - a.mean[i]) * a.inverse[i];
      const T scaled = a.gamma == nullptr ? normal : normal * a.gamma[j];
      y[j] = a.beta == nullptr ? scaled : scaled + a.beta[j];
    }
  }
}

template <class T>
void back_of_line(const BackOfLineArgsOf<T>& a, T* shift, T* slope) {
  const auto count = static_cast<double>(a.cols);
  const auto back = [&](int64_t j) {
    return static_cast<double>(a.gamma == nullptr ? a.dy[j] : a.dy[j] * a.gamma[j]);
  };
  *shift = static_cast<T>(along(a.cols, back) / count);
  *slope = static_cast<T>(along(a.cols,
                                [&](int64_t j) {
                                  const T normal = (a.x[j] - a.mean) * a.inverse;
                                  return back(j) * static_cast<double>(normal);
                                }) /
                          count);
}

template <class T>
void line_norm_gamma(const ColumnsOf<T>& a, const T* dy, const T* mean, const T* inverse, T* dgamma,
                     bool accumulate) {
  for (int64_t begin = 0; begin < a.cols; begin += kPanel) {
    const int64_t cols = smaller(kPanel, a.cols - begin);
    Panel sum{};
    over(a.lines, cols, [&](int64_t i, int64_t j) {
      const int64_t at = i * a.row + begin + j;
      const T normal = (a.x[at] - mean[i]) * inverse[i];
      sum[static_cast<size_t>(j)] += static_cast<double>(dy[at]) * static_cast<double>(normal);
    });
    for (int64_t j = 0; j < cols; ++j) {
      const auto value = static_cast<T>(sum[static_cast<size_t>(j)]);
      dgamma[begin + j] = accumulate ? dgamma[begin + j] + value : value;
    }
  }
}

template <class T>
void moving_statistics(const T* now, T momentum, T rest, int64_t cols, T* moving) {
  for (int64_t j = 0; j < cols; ++j) moving[j] = std::fma(moving[j], momentum, now[j] * rest);
}

template <class T>
void column_scale(const ColumnScaleArgsOf<T>& a, T* scale, T* shift) {
  for (int64_t j = 0; j < a.cols; ++j) {
    const double gamma = a.gamma == nullptr ? 1 : static_cast<double>(a.gamma[j]);
    const double variance = static_cast<double>(a.variance[j]);
    scale[j] = static_cast<T>(gamma / std::sqrt(variance + a.epsilon));
    shift[j] = std::fma(-a.mean[j], scale[j], a.beta == nullptr ? T{0} : a.beta[j]);
  }
}

#define CORNU_NORMALIZE_OF(T)                                                               \
  template void column_moments(const ColumnsOf<T>&, T*, T*);                                \
  template void merge_moments(const MomentsOfShards&, T*, T*);                              \
  template void moving_statistics(const T*, T, T, int64_t, T*);                             \
  template void column_scale(const ColumnScaleArgsOf<T>&, T*, T*);                          \
  template void column_products(const ColumnsOf<T>&, const T*, int64_t, const T*, const T*, \
                                double, T*, T*);                                            \
  template void back_of_columns(const BackOfColumnsArgsOf<T>&, T*, T*, T*);                 \
  template void line_norm(const LineNormArgsOf<T>&);                                        \
  template void back_of_line(const BackOfLineArgsOf<T>&, T*, T*);                           \
  template void line_norm_gamma(const ColumnsOf<T>&, const T*, const T*, const T*, T*, bool)
CORNU_NORMALIZE_OF(float);
CORNU_NORMALIZE_OF(double);
template void column_moments(const ColumnsOf<float>&, double*, double*);

}  // namespace cornu::inline v0::kernels
