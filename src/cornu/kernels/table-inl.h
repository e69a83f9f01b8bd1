// Compiled once per target: the tables of the target.

#if defined(CORNU_KERNELS_TABLE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_TABLE_INL_H_
#undef CORNU_KERNELS_TABLE_INL_H_
#else
#define CORNU_KERNELS_TABLE_INL_H_
#endif

#include "cornu/kernels/columns-inl.h"
#include "cornu/kernels/depthwise-inl.h"
#include "cornu/kernels/dropout-inl.h"
#include "cornu/kernels/element_loss-inl.h"
#include "cornu/kernels/elementwise-inl.h"
#include "cornu/kernels/encode-inl.h"
#include "cornu/kernels/noise-inl.h"
#include "cornu/kernels/nonzero-inl.h"
#include "cornu/kernels/peak-inl.h"
#include "cornu/kernels/pointwise-inl.h"
#include "cornu/kernels/pool-inl.h"
#include "cornu/kernels/product-inl.h"
#include "cornu/kernels/row_losses-inl.h"
#include "cornu/kernels/rules-inl.h"
#include "cornu/kernels/scalar_internal.h"
#include "cornu/kernels/softmax-inl.h"
#include "cornu/kernels/sparse-inl.h"
#include "cornu/kernels/targets_internal.h"
#include "cornu/kernels/updates-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

template <Vector (*kOf)(Vector)>
void all(const float* x, float* y, int64_t size) {
  for_each_vector(size, [&](int64_t i, int64_t count)
                            CORNU_LAMBDA { store(kOf(load(x + i, count)), y + i, count); });
}

constexpr TargetTables kTables = {
    .kernels =
        {
            .product = product,
            .pointwise = pointwise,
            .pointwise_back = pointwise_back,
            .affine = affine,
            .combine = combine,
            .chosen_back = chosen_back,
            .copy = copy,
            .log_softmax = log_softmax,
            .log_softmax_back = log_softmax_back,
            .softmax = softmax,
            .softmax_back = softmax_back,
            .softmax_crossentropy = softmax_crossentropy,
            .softmax_crossentropy_back = softmax_crossentropy_back,
            .crossentropy = crossentropy,
            .crossentropy_back = crossentropy_back,
            .element_loss = element_loss,
            .element_loss_back = element_loss_back,
            .categorical_hinge = categorical_hinge,
            .categorical_hinge_back = categorical_hinge_back,
            .cosine_similarity = cosine_similarity,
            .cosine_similarity_back = cosine_similarity_back,
            .sum_rows = sum_rows,
            .scale_columns = scale_columns,
            .normalize_back = normalize_back,
            .line_back = line_back,
            .parametric_relu = parametric_relu,
            .parametric_relu_back = parametric_relu_back,
            .parametric_relu_alpha = parametric_relu_alpha,
            .max_pool = max_pool,
            .max_pool_back = max_pool_back,
            .average_pool = average_pool,
            .average_pool_back = average_pool_back,
            .depthwise = depthwise,
            .depthwise_kernel = depthwise_kernel,
            .decode = kernels::decode<float>,
            .encode = encode,
            .one_hot = kernels::one_hot<float>,
            .dropout = dropout,
            .noise = noise,
            .sgd = update_all<SgdLanes, SgdArgs>,
            .adam = update_all<AdamLanes, AdamArgs>,
            .rule_update = rule_update,
            .squared_norm = squared_norm<float>,
            .nonzero = nonzero,
            .transpose_bits = transpose_bits,
            .count_bits = count_bits,
            .count_nonzero = count_nonzero,
            .all_finite = all_finite,
            .list_terms = list_terms,
            .add_terms = add_terms,
            .multiply_adds = multiply_adds,
        },
    .math = {.exp = all<exp>,
             .expm1 = all<expm1>,
             .log = all<log>,
             .log1p = all<log1p>,
             .sigmoid = all<sigmoid>,
             .tanh = all<tanh>,
             .erf = all<erf>},
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_TABLE_INL_H_
