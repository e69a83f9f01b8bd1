#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/ops/affine.h"
#include "cornu/ops/axes.h"
#include "cornu/ops/batch_normalization.h"
#include "cornu/ops/combine.h"
#include "cornu/ops/concatenate.h"
#include "cornu/ops/convolution.h"
#include "cornu/ops/crossentropy.h"
#include "cornu/ops/custom.h"
#include "cornu/ops/depthwise.h"
#include "cornu/ops/dropout.h"
#include "cornu/ops/element_loss.h"
#include "cornu/ops/embedding.h"
#include "cornu/ops/encode.h"
#include "cornu/ops/fused.h"
#include "cornu/ops/gradient_changes.h"
#include "cornu/ops/layer_normalization.h"
#include "cornu/ops/noise.h"
#include "cornu/ops/nonzero.h"
#include "cornu/ops/parametric_relu.h"
#include "cornu/ops/penalty.h"
#include "cornu/ops/pointwise.h"
#include "cornu/ops/pool.h"
#include "cornu/ops/product.h"
#include "cornu/ops/rearrange.h"
#include "cornu/ops/row_losses.h"
#include "cornu/ops/row_weights.h"
#include "cornu/ops/rule_update.h"
#include "cornu/ops/shards.h"
#include "cornu/ops/slot.h"
#include "cornu/ops/softmax.h"
#include "cornu/ops/updates.h"

namespace cornu::inline v0 {

/// The use of a plan; Dropout and some other layers lower differently in each mode.
enum class Mode { training, evaluate, predict };
/// prepare: done by one member for the next step, while the others compute the present one.
enum class Phase { prepare, forward, backward, update };

using AnyOp = std::variant<
    ops::Decode, ops::OneHot, ops::Product, ops::SumRows, ops::Convolution, ops::TurnKernel,
    ops::ConvolutionBack, ops::ConvolutionKernel, ops::Depthwise, ops::DepthwiseBack,
    ops::DepthwiseKernel, ops::Pointwise, ops::PointwiseBack, ops::Affine, ops::Combine,
    ops::ChosenBack, ops::Sum, ops::Repeat, ops::Transpose, ops::Concatenate, ops::Slice,
    ops::Softmax, ops::SoftmaxBack, ops::LogSoftmax, ops::LogSoftmaxBack, ops::SoftmaxCrossentropy,
    ops::SoftmaxCrossentropyBack, ops::Crossentropy, ops::CrossentropyBack, ops::ElementLoss,
    ops::ElementLossBack, ops::CategoricalHinge, ops::CategoricalHingeBack, ops::CosineSimilarity,
    ops::CosineSimilarityBack, ops::ScaleRows, ops::MeanBack, ops::Dropout, ops::Noise,
    ops::ColumnMoments, ops::MovingStatistics, ops::ColumnScale, ops::Normalize, ops::ScaleColumns,
    ops::ColumnProducts, ops::NormalizeBack, ops::LineNorm, ops::LineNormBack, ops::LineNormGamma,
    ops::ParametricRelu, ops::ParametricReluBack, ops::ParametricReluAlpha, ops::Embedding,
    ops::EmbeddingBack, ops::MaxPool, ops::MaxPoolBack, ops::AveragePool, ops::AveragePoolBack,
    ops::Rearrange, ops::SpatialDropout, ops::Custom, ops::CustomBack, ops::Penalty,
    ops::PenaltyBack, ops::Nonzero, ops::TransposeNonzero, ops::Accumulate, ops::ClipValue,
    ops::SquaredNorm, ops::ClipFactor, ops::ScaleBy, ops::WeightDecay, ops::SgdUpdate,
    ops::AdamStep, ops::AdamUpdate, ops::RuleStep, ops::RuleUpdate, ops::MovingAverage,
    ops::SumShards, ops::MergeMoments, ops::SendSlices, ops::SumSlices, ops::SpreadSlices,
    ops::GatherShards>;

template <class X, class Variant>
inline constexpr bool kIsOneOf = false;
template <class X, class... Xs>
inline constexpr bool kIsOneOf<X, std::variant<Xs...>> = (std::is_same_v<X, Xs> || ...);
template <class X>
concept OneOfTheOps = kIsOneOf<X, AnyOp>;

// Compilers take seconds for the code that copies a variant of sixty kinds; bytes need none.
static_assert(std::is_trivially_copyable_v<AnyOp>);

/// The kind of an operation, with its fields.
struct What : AnyOp {
  template <OneOfTheOps X>
  What(X op, std::shared_ptr<const ops::CustomFunction> kept = nullptr)
      : AnyOp(std::in_place_type<X>, op), function(std::move(kept)) {}

  std::shared_ptr<const ops::CustomFunction>
      function;  ///< of a user-defined op, which points to it
};

/// The op made from a class as ops::CustomOf describes it: b.emit_one(ops::custom(Square{}), {x}).
namespace ops {
template <class F>
What custom(F f) {
  auto function = std::make_shared<const CustomOf<F>>(std::move(f));
  const Custom op = {function.get(), F::kName};
  return What(op, std::move(function));
}
}  // namespace ops

/// One operation of a plan.
struct Op {
  What what;
  Slots in, out;
  Phase phase = Phase::forward;
  std::string layer;        ///< path of the layer that emitted it
  bool accumulate = false;  ///< adds to out[0] instead of overwriting it
  Split split = Split::first_axis;
  int leading_axes = 1;   ///< of the output that Split::first_axis divides, taken as one
  bool barrier = false;   ///< members wait for each other before it; set by the schedule
  bool of_slice = false;  ///< it updates the slice of this process alone
  Fused fused = {};       ///< set by passes

  /// The slot that its fused ops read as `which`, or kNone.
  SlotId fused_input(Fused::Input which) const {
    return fused.place[which] == 0 ? kNone : in[fused.place[which]];
  }
  void add_fused_input(Fused::Input which, SlotId slot) {
    fused.place[which] = static_cast<uint8_t>(in.size());
    in.push_back(slot);
  }
};

/// "product", "adam_update", …
CORNU_API std::string_view name(const What& what);
/// Whether it is a loss: one value per row, whose gradient does not depend on the gradient of
/// others.
CORNU_API bool is_loss(const What& what);
/// Whether each element written depends only on the elements read at the same place.
CORNU_API bool is_elementwise(const What& what);
/// Whether a process may carry it out for its slice of the arrays alone.
CORNU_API bool takes_slices(const What& what);
/// Whether it exchanges messages with other processes. All processes carry out such ops in the same
/// order.
CORNU_API bool exchanges(const What& what);
/// Whether passes may move other ops into it (ops/fused.h).
CORNU_API bool takes_fused(const What& what);
/// Whether it reads the first input image by image, not line by line.
CORNU_API bool takes_images(const What& what);
/// Whether max pooling may be moved into it, too.
CORNU_API bool takes_pool(const What& what);
/// The most leading axes of its output that members may divide as one.
CORNU_API int most_leading_axes(const Op& op);
/// Whether a slot of its may have these strides.
CORNU_API bool takes_strides(const Op& op, SlotId id, const Shape& shape, const Strides& strides);
/// The op's fields as text: (x_transposed=true), or nothing if all are at their defaults.
CORNU_API std::string fields_text(const What& what);
/// The names of its fused ops: decode, nonzero, sigmoid or sigmoid_back, an update.
CORNU_API std::vector<std::string> fused_text(const Op& op);
CORNU_API double flops(const Op& op, const Sizes& sizes);
CORNU_API Share reads(const Op& op, size_t input);
/// Sizes of the op's slots for a run of `rows` rows.
CORNU_API Sizes sizes_of(const Op& op, const std::vector<Slot>& slots, int64_t rows);

CORNU_API std::string_view name(Mode mode);
CORNU_API std::string_view name(Phase phase);
/// "axis 0", "axes 0-1", "axis -1", "one", "slice".
CORNU_API std::string split_text(const Op& op);

}  // namespace cornu::inline v0
