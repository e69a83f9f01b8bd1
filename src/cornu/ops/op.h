#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/ops/affine.h"
#include "cornu/ops/batch_normalization.h"
#include "cornu/ops/combine.h"
#include "cornu/ops/concatenate.h"
#include "cornu/ops/crossentropy.h"
#include "cornu/ops/custom.h"
#include "cornu/ops/dropout.h"
#include "cornu/ops/element_loss.h"
#include "cornu/ops/embedding.h"
#include "cornu/ops/encode.h"
#include "cornu/ops/gradient_changes.h"
#include "cornu/ops/layer_normalization.h"
#include "cornu/ops/noise.h"
#include "cornu/ops/nonzero.h"
#include "cornu/ops/parametric_relu.h"
#include "cornu/ops/penalty.h"
#include "cornu/ops/pointwise.h"
#include "cornu/ops/product.h"
#include "cornu/ops/row_losses.h"
#include "cornu/ops/row_weights.h"
#include "cornu/ops/rule_update.h"
#include "cornu/ops/slot.h"
#include "cornu/ops/softmax.h"
#include "cornu/ops/updates.h"

namespace cornu::inline v0 {

/// The use of a plan; Dropout and some other layers lower differently in each mode.
enum class Mode { training, evaluate, predict };
/// prepare: done by one member for the next step, while the others compute the present one.
enum class Phase { prepare, forward, backward, update };

using AnyOp = std::variant<
    ops::Decode, ops::OneHot, ops::Product, ops::SumRows, ops::Pointwise, ops::PointwiseBack,
    ops::Affine, ops::Combine, ops::ChosenBack, ops::Concatenate, ops::Slice, ops::Softmax,
    ops::SoftmaxBack, ops::LogSoftmax, ops::LogSoftmaxBack, ops::SoftmaxCrossentropy,
    ops::SoftmaxCrossentropyBack, ops::Crossentropy, ops::CrossentropyBack, ops::ElementLoss,
    ops::ElementLossBack, ops::CategoricalHinge, ops::CategoricalHingeBack, ops::CosineSimilarity,
    ops::CosineSimilarityBack, ops::ScaleRows, ops::MeanBack, ops::Dropout, ops::Noise,
    ops::ColumnMoments, ops::MovingStatistics, ops::ColumnScale, ops::Normalize, ops::ScaleColumns,
    ops::ColumnProducts, ops::NormalizeBack, ops::LineNorm, ops::LineNormBack, ops::LineNormGamma,
    ops::ParametricRelu, ops::ParametricReluBack, ops::ParametricReluAlpha, ops::Embedding,
    ops::EmbeddingBack, ops::Custom, ops::CustomBack, ops::Penalty, ops::PenaltyBack, ops::Nonzero,
    ops::TransposeNonzero, ops::Accumulate, ops::ClipValue, ops::SquaredNorm, ops::ClipFactor,
    ops::ScaleBy, ops::WeightDecay, ops::SgdUpdate, ops::AdamStep, ops::AdamUpdate, ops::RuleStep,
    ops::RuleUpdate, ops::MovingAverage>;

template <class X, class Variant>
inline constexpr bool kIsOneOf = false;
template <class X, class... Xs>
inline constexpr bool kIsOneOf<X, std::variant<Xs...>> = (std::is_same_v<X, Xs> || ...);
template <class X>
concept OneOfTheOps = kIsOneOf<X, AnyOp>;

/// The kind of an operation, with its fields. The code that copies and destroys it is compiled in
/// op.cc alone, and not again in every file that includes this header.
struct CORNU_API What : AnyOp {
  template <OneOfTheOps X>
  What(X op) : AnyOp(std::in_place_type<X>, std::move(op)) {}
  What(const What& other);
  What(What&& other) noexcept;
  What& operator=(const What& other);
  What& operator=(What&& other) noexcept;
  ~What();
};

/// One operation of a plan.
struct Op {
  What what;
  Slots in, out;
  Phase phase = Phase::forward;
  std::string layer;        ///< path of the layer that emitted it
  bool accumulate = false;  ///< adds to out[0] in place of assigning it
  Split split = Split::first_axis;
  bool barrier = false;  ///< members wait for each other before it; set by the schedule
};

/// "product", "adam_update", …
CORNU_API std::string_view name(const What& what);
/// Whether it is a loss: one value per row, whose gradient does not depend on the gradient of
/// others.
CORNU_API bool is_loss(const What& what);
/// Whether each element written depends only on the elements read at the same place.
CORNU_API bool is_elementwise(const What& what);
/// The op's fields as text: (x_transposed=true), or nothing where all are at their defaults.
CORNU_API std::string fields_text(const What& what);
CORNU_API double flops(const Op& op, const Sizes& sizes);
CORNU_API Share reads(const Op& op, size_t input);
/// Sizes of the op's slots for a run of `rows` rows.
CORNU_API Sizes sizes_of(const Op& op, const std::vector<Slot>& slots, int64_t rows);

CORNU_API std::string_view name(Mode mode);
CORNU_API std::string_view name(Phase phase);
CORNU_API std::string_view name(Split split);

}  // namespace cornu::inline v0
