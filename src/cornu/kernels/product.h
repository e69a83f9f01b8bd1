#pragma once

#include <cstdint>
#include <variant>

#include "cornu/kernels/function.h"
#include "cornu/kernels/updates.h"

namespace cornu::inline v0::kernels {

/// The last step of a product, on its sums while they are in registers. The pointers of an update
/// are laid out as y; its `dw` and `size` are ignored, and y is scratch.
template <class T>
struct EpilogueOf {
  Function function = Function::linear;
  const T* saved = nullptr;  ///< not null: y = sum · f'(…) from these saved values
  std::variant<std::monostate, SgdArgsOf<T>, AdamArgsOf<T>, RuleArgsOf<T>> update = {};
};

/// The windows of images as the rows of a matrix that is never formed. Row n · per_image + p holds
/// what window p sees of image n: its element k is images[n][window[p] + element[k]].
template <class T>
struct WindowsOf {
  const T* const* images = nullptr;  ///< the address of each
  const int64_t* window = nullptr;   ///< by window of an image: where it begins
  const int64_t* element = nullptr;  ///< by element of a window: how far it lies from there
  int64_t per_image = 0;
  int64_t first = 0;  ///< the first row that counts
  /// Not 0: windows lie in lines of so many, each beginning one number after the one before.
  int64_t line = 0;
  /// Not null: windows see zeros but for the elements from inside[2 · l] up to inside[2 · l + 1], l
  /// their line in the image, and w is finite, so that the others may be left out.
  const int64_t* inside = nullptr;
  int64_t skipped = 0;  ///< the elements before the first of `element`
  /// By row: where it begins. Kernels set it where they need it for a block of rows.
  const T* const* begins = nullptr;
};

/// y[i, j] = epilogue(start + Σ_k x[i, k] · w[k, j] + 0): one fma chain per output, k ascending
/// from `start` (+0 where it is null). The last +0 makes −0 into +0, so that a chain may leave out
/// any k whose x is 0. Strides count elements; y is row-major with unit stride.
template <class T>
struct ProductArgsOf {
  const T* x;
  int64_t x_row, x_col;
  const T* w;
  int64_t w_row, w_col;
  const T* start;     ///< may be null, and may be y itself
  int64_t start_row;  ///< 0: one value per column, as a bias
  T* y;
  int64_t y_row;
  int64_t rows, cols, depth;
  T* pack;              ///< scratch of this member: product_pack_size(depth) numbers
  bool finite = false;  ///< all of w is, so that a product may find zeros of x and leave them out
  /// Not null: x is bytes that lie row by row, and byte b stands for decoded[b]: x[i, k] is
  /// decoded[bytes[i][first_byte + k]], or with `bytes_transposed` decoded[bytes[k][first_byte +
  /// i]].
  const uint8_t* const* bytes = nullptr;
  int64_t first_byte = 0;
  bool bytes_transposed = false;
  const T* decoded = nullptr;  ///< 256 numbers
  /// Not null: bit k mod 64 of word nonzero[k div 64 · nonzero_word + i] is 0 only where x[i, k]
  /// is 0, and where k is beyond the depth.
  const uint64_t* nonzero = nullptr;
  int64_t nonzero_word = 0;
  /// With images: x is the matrix of their windows, or with `windows_transposed` its transpose.
  WindowsOf<T> windows = {};
  bool windows_transposed = false;
  /// More than 1: y = epilogue((chain 0 + chain 1) + …), each an fma chain from +0; chain c ends
  /// before k = chain_ends[c] · chain_unit, at the latest kProductBlock. `start` is then null.
  int chains = 1;
  const int64_t* chain_ends = nullptr;
  int64_t chain_unit = 1;
  EpilogueOf<T> epilogue = {};
};

using Epilogue = EpilogueOf<float>;
using Windows = WindowsOf<float>;
using ProductArgs = ProductArgsOf<float>;

/// Depth beyond which `product` keeps sums in y between two blocks of k.
inline constexpr int64_t kProductBlock = 256;
/// The approximate number of rows of x that share their list of k in a product that leaves out
/// zeros; targets differ.
inline constexpr int64_t kSampleGroup = 2;

/// The most columns for which a target may run its lanes along the lines of windows.
inline constexpr int kMostNarrow = 8;

/// The size, in numbers, of the scratch `pack` of `product` on any target.
constexpr int64_t product_pack_size(int64_t depth) {
  return 64 * (depth + 64);
}

/// Products of matrices.
template <class T>
struct ProductKernelsOf {
  void (*product)(const ProductArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
