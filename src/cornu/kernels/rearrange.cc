#include "cornu/kernels/rearrange.h"

#include <algorithm>

namespace cornu::inline v0::kernels {
namespace {

template <class T>
class Rearranging {
 public:
  explicit Rearranging(const RearrangeArgsOf<T>& a) : a_(a) {
    int64_t size = 1;
    bool is_run = true;
    for (int i = kLast; i >= 0; --i) {
      const RearrangedAxis& axis = at(i);
      sizes_[static_cast<size_t>(i)] = size;
      is_run = is_run && (axis.extent == 1 || axis.stride == size);
      // The first axis, from the last one, at which elements of x are not one behind the other; or
      // in which there are zeros, since what is around it is not in one run then.
      if (is_run) first_ = i;
      is_run = is_run && axis.begin == 0 && axis.end == axis.extent;
      size *= axis.extent;
    }
  }

  void row(const T* x, T* y) const { walk(0, x, y); }

 private:
  static constexpr int kLast = RearrangeArgsOf<T>::kAxes - 1;

  const RearrangedAxis& at(int axis) const { return a_.axes[static_cast<size_t>(axis)]; }

  void walk(int i, const T* x, T* y) const {
    const RearrangedAxis& axis = at(i);
    const int64_t size = sizes_[static_cast<size_t>(i)];
    zero(y, axis.begin * size);
    T* const to = y + axis.begin * size;
    const int64_t count = axis.end - axis.begin;
    if (i >= first_) {
      copy(x, 1, to, count * size);
    } else if (i == kLast) {
      copy(x, axis.stride, to, count);
    } else {
      for (int64_t k = 0; k < count; ++k) walk(i + 1, x + k * axis.stride, to + k * size);
    }
    zero(to + count * size, (axis.extent - axis.end) * size);
  }

  void zero(T* y, int64_t size) const {
    if (!a_.accumulate) std::fill_n(y, size, T{0});
  }

  void copy(const T* x, int64_t stride, T* y, int64_t size) const {
    if (a_.accumulate) {
      for (int64_t k = 0; k < size; ++k) y[k] = y[k] + x[k * stride];
    } else if (stride == 1) {
      std::copy_n(x, size, y);
    } else {
      for (int64_t k = 0; k < size; ++k) y[k] = x[k * stride];
    }
  }

  const RearrangeArgsOf<T>& a_;
  std::array<int64_t, static_cast<size_t>(kLast) + 1> sizes_{};  ///< numbers of y per element
  int first_ = kLast + 1;  ///< from this axis on, x is one run
};

}  // namespace

template <class T>
void rearrange(const RearrangeArgsOf<T>& a) {
  const Rearranging<T> each(a);
  for (int64_t row = 0; row < a.rows; ++row) each.row(a.x + row * a.x_row, a.y + row * a.y_row);
}
template void rearrange(const RearrangeArgsOf<float>&);
template void rearrange(const RearrangeArgsOf<double>&);

}  // namespace cornu::inline v0::kernels
