#pragma once

// The arithmetic of Cornu: pure functions on plain spans, one table of them per target,
// and every target gives the same bits. No allocation, no checks, no I/O. Order is part of each
// contract: see docs/determinism.md.

#include <cstdint>
#include <variant>

#include "cornu/core/dtype.h"
#include "cornu/core/export.h"
#include "cornu/kernels/columns.h"
#include "cornu/kernels/depthwise.h"
#include "cornu/kernels/element_loss.h"
#include "cornu/kernels/elementwise.h"
#include "cornu/kernels/function.h"
#include "cornu/kernels/noise.h"
#include "cornu/kernels/pool.h"
#include "cornu/kernels/row_losses.h"
#include "cornu/kernels/sparse.h"
#include "cornu/kernels/target.h"
#include "cornu/kernels/update_rule.h"

namespace cornu::inline v0::kernels {

/// y[i] = f(x[i]).
template <class T>
struct PointwiseArgsOf {
  Function function;
  const T* x;
  T* y;
  int64_t size;
};

/// dx[i] = dy[i] · f'(…), computed from the saved x[i] or y[i]. Adds to dx if `accumulate`, else
/// overwrites it.
template <class T>
struct PointwiseBackArgsOf {
  Function function;
  const T* saved;
  const T* dy;
  T* dx;
  int64_t size;
  bool accumulate;
};

/// y[i, ·] = log softmax(x[i, ·]) = (x − max) − log Σ e^(x−max).
template <class T>
struct LogSoftmaxArgsOf {
  const T* x;
  T* y;
  int64_t rows, cols;
};

/// dx = dy − e^y · Σ_j dy, row by row. Adds to dx if `accumulate`, else overwrites it.
template <class T>
struct LogSoftmaxBackArgsOf {
  const T* y;
  const T* dy;
  T* dx;
  int64_t rows, cols;
  bool accumulate;
};

/// y[i, ·] = softmax(x[i, ·]) = e^(x−max) / Σ e^(x−max); reductions over sixteen virtual lanes.
template <class T>
struct SoftmaxArgsOf {
  const T* x;
  T* y;
  int64_t rows, cols;
};

/// dx = y · (dy − Σ_j dy·y), row by row. Adds to dx if `accumulate`, else overwrites it.
template <class T>
struct SoftmaxBackArgsOf {
  const T* y;
  const T* dy;
  T* dx;
  int64_t rows, cols;
  bool accumulate;
};

/// loss[i] = Σ_j t·(log Σ e^(z−max) + max − z) over logits z and targets t.
template <class T>
struct SoftmaxCrossentropyArgsOf {
  const T* logits;
  const T* targets;
  T* loss;
  int64_t rows, cols;
};

/// dz = (p · Σ_j t − t) · scale, p the softmax of the logits. Adds to dz if `accumulate`, else
/// overwrites it.
template <class T>
struct SoftmaxCrossentropyBackArgsOf {
  const T* probabilities;
  const T* targets;
  T* dlogits;
  T scale;
  int64_t rows, cols;
  bool accumulate;
};

/// loss[i] = −Σ_j t · log(clip(p / Σp, 1e-7, 1 − 1e-7)), as Keras does on bare probabilities; with
/// `clip_first` −Σ_j t · log(c / Σc), c = clip(p), as its sparse form does.
template <class T>
struct CrossentropyArgsOf {
  const T* probabilities;
  const T* targets;
  T* loss;
  int64_t rows, cols;
  bool clip_first;
};

/// With s = Σp, q = p/s and d = −t/q · scale inside the clip, 0 outside: dp = (d − Σ d·q) / s.
/// With `clip_first`: dp = (Σt/Σc − t/c) · scale inside the clip (bounds included), 0 outside.
template <class T>
struct CrossentropyBackArgsOf {
  const T* probabilities;
  const T* targets;
  T* dprobabilities;
  T scale;
  int64_t rows, cols;
  bool clip_first;
  bool accumulate;
};

/// y[j] = start[j] + Σ_i x[i, j], one chain per output, i ascending.
template <class T>
struct SumRowsArgsOf {
  const T* x;
  int64_t x_row;
  T* y;
  int64_t rows, cols;
  bool accumulate;
};

/// y[i] = (T(x[i]) − offset) ÷ divisor, each step correctly rounded; x holds `dtype`.
template <class T>
struct DecodeArgsOf {
  const void* x;
  DType dtype;
  T* y;
  int64_t size;
  T divisor, offset;
};

/// The inverse of decode: y[i] is the byte b for which (b − offset) ÷ divisor, each step correctly
/// rounded, is x[i], bit for bit.
template <class T>
struct EncodeArgsOf {
  const T* x;
  uint8_t* y;
  int64_t size;
  T divisor, offset;
};

/// y[i, ·] = 0, except 1 at labels[i]; labels are whole numbers of any type.
template <class T>
struct OneHotArgsOf {
  const void* labels;
  DType dtype;  ///< of the labels
  T* y;
  int64_t rows, cols;
};

/// y[i, j] = x[i, j] · 1/(1−rate) where kept, else 0. Element first + j of sample `sample[i]` is
/// kept when uniform(key, sample[i], first + j) ≥ rate (core/rng.h). The gradient is the same
/// function of dy.
template <class T>
struct DropoutArgsOf {
  const T* x;
  T* y;
  int64_t row;  ///< elements between the starts of two rows
  int64_t rows, cols;
  int64_t first;  ///< the element of its sample that x begins with, a multiple of 4
  T rate;
  uint64_t key;
  const uint64_t* sample;
  bool accumulate;
};

/// velocity == null: w −= lr·dw. Else v = momentum·v − lr·dw, and w += v, or with nesterov
/// w += momentum·v − lr·dw. Keras's form. |v| below 2⁻¹²⁰ becomes 0.
template <class T>
struct SgdArgsOf {
  T* w;
  const T* dw;
  T* velocity;
  int64_t size;
  T learning_rate, momentum;
  bool nesterov;

  void advance(int64_t offset) {
    w += offset;
    if (velocity != nullptr) velocity += offset;
  }
};

/// m += (g − m)·(1−β₁); v += (g² − v)·(1−β₂); w −= m·alpha / (√v + ε), alpha the step size
/// already corrected: Keras's form (Kingma and Ba 2014, ε̂). |m|, |v| below 2⁻¹²⁰ become 0.
template <class T>
struct AdamArgsOf {
  T* w;
  const T* dw;
  T* m;
  T* v;
  int64_t size;
  T alpha, one_minus_beta_1, one_minus_beta_2, epsilon;

  void advance(int64_t offset) {
    w += offset;
    m += offset;
    v += offset;
  }
};

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
  T* pack;  ///< scratch of this member: product_pack_size(depth) numbers
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
  EpilogueOf<T> epilogue = {};
};

/// bits[j div 64 · bits_word + i] has bit j mod 64 set where x[i, j] is not 0; the bits beyond the
/// last column are 0. Rows of x hold T, or bytes of which `zero` stands for 0.
template <class T>
struct NonzeroArgsOf {
  const void* const* x;  ///< the address of each row
  DType dtype;
  uint8_t zero;
  int64_t rows, cols;
  uint64_t* bits;
  int64_t bits_word;
};

/// y[j, i] = x[i, j], bits laid out as in NonzeroArgs.
struct TransposeBitsArgs {
  const uint64_t* x;
  int64_t x_word;
  uint64_t* y;
  int64_t y_word;
  int64_t rows, cols;
};

/// The number of columns set in any of rows i … i + group − 1, summed over all such groups of rows.
struct CountBitsArgs {
  const uint64_t* bits;  ///< laid out as in NonzeroArgs
  int64_t bits_word;
  int64_t rows, cols;
  int64_t group;
};

using ProductArgs = ProductArgsOf<float>;
using Windows = WindowsOf<float>;
using Epilogue = EpilogueOf<float>;
using NonzeroArgs = NonzeroArgsOf<float>;
using PointwiseArgs = PointwiseArgsOf<float>;
using PointwiseBackArgs = PointwiseBackArgsOf<float>;
using AffineArgs = AffineArgsOf<float>;
using CombineArgs = CombineArgsOf<float>;
using ChosenBackArgs = ChosenBackArgsOf<float>;
using CopyArgs = CopyArgsOf<float>;
using LogSoftmaxArgs = LogSoftmaxArgsOf<float>;
using LogSoftmaxBackArgs = LogSoftmaxBackArgsOf<float>;
using SoftmaxArgs = SoftmaxArgsOf<float>;
using SoftmaxBackArgs = SoftmaxBackArgsOf<float>;
using SoftmaxCrossentropyArgs = SoftmaxCrossentropyArgsOf<float>;
using SoftmaxCrossentropyBackArgs = SoftmaxCrossentropyBackArgsOf<float>;
using CrossentropyArgs = CrossentropyArgsOf<float>;
using CrossentropyBackArgs = CrossentropyBackArgsOf<float>;
using ElementLossArgs = ElementLossArgsOf<float>;
using ElementLossBackArgs = ElementLossBackArgsOf<float>;
using RowLossArgs = RowLossArgsOf<float>;
using RowLossBackArgs = RowLossBackArgsOf<float>;
using SumRowsArgs = SumRowsArgsOf<float>;
using DecodeArgs = DecodeArgsOf<float>;
using EncodeArgs = EncodeArgsOf<float>;
using OneHotArgs = OneHotArgsOf<float>;
using DropoutArgs = DropoutArgsOf<float>;
using SgdArgs = SgdArgsOf<float>;
using AdamArgs = AdamArgsOf<float>;

/// The kernels of one number type. `TableOf<float>` exists for each target, with equal bits;
/// `TableOf<double>` only as the plain-loop reference that verifies gradients.
template <class T>
struct TableOf {
  void (*product)(const ProductArgsOf<T>&);
  void (*pointwise)(const PointwiseArgsOf<T>&);
  void (*pointwise_back)(const PointwiseBackArgsOf<T>&);
  void (*affine)(const AffineArgsOf<T>&);
  void (*combine)(const CombineArgsOf<T>&);
  void (*chosen_back)(const ChosenBackArgsOf<T>&);
  void (*copy)(const CopyArgsOf<T>&);
  void (*log_softmax)(const LogSoftmaxArgsOf<T>&);
  void (*log_softmax_back)(const LogSoftmaxBackArgsOf<T>&);
  void (*softmax)(const SoftmaxArgsOf<T>&);
  void (*softmax_back)(const SoftmaxBackArgsOf<T>&);
  void (*softmax_crossentropy)(const SoftmaxCrossentropyArgsOf<T>&);
  void (*softmax_crossentropy_back)(const SoftmaxCrossentropyBackArgsOf<T>&);
  void (*crossentropy)(const CrossentropyArgsOf<T>&);
  void (*crossentropy_back)(const CrossentropyBackArgsOf<T>&);
  void (*element_loss)(const ElementLossArgsOf<T>&);
  void (*element_loss_back)(const ElementLossBackArgsOf<T>&);
  void (*categorical_hinge)(const RowLossArgsOf<T>&);
  void (*categorical_hinge_back)(const RowLossBackArgsOf<T>&);
  void (*cosine_similarity)(const RowLossArgsOf<T>&);
  void (*cosine_similarity_back)(const RowLossBackArgsOf<T>&);
  void (*sum_rows)(const SumRowsArgsOf<T>&);
  void (*scale_columns)(const ScaleColumnsArgsOf<T>&);
  void (*normalize_back)(const NormalizeBackArgsOf<T>&);
  void (*line_back)(const LineBackArgsOf<T>&);
  void (*parametric_relu)(const ParametricReluArgsOf<T>&);
  void (*parametric_relu_back)(const ParametricReluBackArgsOf<T>&);
  void (*parametric_relu_alpha)(const ParametricReluAlphaArgsOf<T>&);
  void (*max_pool)(const MaxPoolArgsOf<T>&);
  void (*max_pool_back)(const MaxPoolBackArgsOf<T>&);
  void (*average_pool)(const AveragePoolArgsOf<T>&);
  void (*average_pool_back)(const AveragePoolBackArgsOf<T>&);
  void (*depthwise)(const DepthwiseArgsOf<T>&);
  void (*depthwise_kernel)(const DepthwiseKernelArgsOf<T>&);
  void (*decode)(const DecodeArgsOf<T>&);
  /// Whether each x[i] has such a byte; if not, y holds anything.
  bool (*encode)(const EncodeArgsOf<T>&);
  void (*one_hot)(const OneHotArgsOf<T>&);
  void (*dropout)(const DropoutArgsOf<T>&);
  void (*noise)(const NoiseArgsOf<T>&);
  void (*sgd)(const SgdArgsOf<T>&);
  void (*adam)(const AdamArgsOf<T>&);
  void (*rule_update)(const RuleArgsOf<T>&);
  /// Σ x², in float64: sixteen lanes over blocks of 4,096 elements, blocks ascending.
  double (*squared_norm)(const T* x, int64_t size);
  void (*nonzero)(const NonzeroArgsOf<T>&);
  void (*transpose_bits)(const TransposeBitsArgs&);
  int64_t (*count_bits)(const CountBitsArgs&);
  /// The number of elements that are not 0, NaN among them.
  int64_t (*count_nonzero)(const T* x, int64_t size);
  /// Whether no element is NaN or infinite.
  bool (*all_finite)(const T* x, int64_t size);
  void (*list_terms)(const ListTermsArgsOf<T>&);
  void (*add_terms)(const AddTermsArgsOf<T>&);
  /// Multiply-adds that never leave the registers; returns their number of FLOPs.
  double (*multiply_adds)(int64_t rounds);
};
using Table = TableOf<float>;

/// Depth beyond which `product` keeps sums in y between two blocks of k.
inline constexpr int64_t kProductBlock = 256;
/// The approximate number of rows of x that share their list of k in a product that leaves out
/// zeros; targets differ.
inline constexpr int64_t kSampleGroup = 2;

/// The size, in numbers, of the scratch `pack` of `product` on any target.
constexpr int64_t product_pack_size(int64_t depth) {
  return 64 * (depth + 64);
}

/// The kernels of a target. Error when this CPU does not support it.
CORNU_API const Table& table(Target target);
/// Plain loops in the same order: float with Cornu's functions, and double with libm's.
template <class T>
CORNU_API const TableOf<T>& reference_table();

}  // namespace cornu::inline v0::kernels
