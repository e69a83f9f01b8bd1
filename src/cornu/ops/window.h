#pragma once

#include <cstdint>

namespace cornu::inline v0::ops {

/// The window and its steps. `same` allows one window per step, which may reach beyond the edges;
/// else windows lie inside. Keras's padding, in which a window has only the elements inside.
struct Window {
  int64_t height = 1, width = 1;
  int64_t down = 1, right = 1;  ///< elements from one window to the next
  bool same = false;

  static void visit_fields(auto& self, auto& v) {
    v("height", self.height);
    v("width", self.width);
    v("down", self.down);
    v("right", self.right);
    v("same", self.same);
  }
  friend bool operator==(const Window&, const Window&) = default;
};

/// The windows of `size` elements along an axis of `extent`, one every `step` elements; 0 if none
/// fits.
constexpr int64_t num_windows(int64_t extent, int64_t size, int64_t step, bool same) {
  if (same) return (extent + step - 1) / step;
  return extent < size ? 0 : (extent - size) / step + 1;
}
/// The elements of the first window before the axis begins: half, rounded down, of those that all
/// windows have outside it.
constexpr int64_t before_first(int64_t extent, int64_t size, int64_t step, bool same) {
  const int64_t outside =
      same ? (num_windows(extent, size, step, same) - 1) * step + size - extent : 0;
  return outside > 0 ? outside / 2 : 0;
}

}  // namespace cornu::inline v0::ops
