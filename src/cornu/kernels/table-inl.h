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
#include "cornu/kernels/embedding-inl.h"
#include "cornu/kernels/encode-inl.h"
#include "cornu/kernels/gradient_changes-inl.h"
#include "cornu/kernels/noise-inl.h"
#include "cornu/kernels/nonzero-inl.h"
#include "cornu/kernels/peak-inl.h"
#include "cornu/kernels/penalty-inl.h"
#include "cornu/kernels/pointwise-inl.h"
#include "cornu/kernels/pool-inl.h"
#include "cornu/kernels/product-inl.h"
#include "cornu/kernels/row_losses-inl.h"
#include "cornu/kernels/rules-inl.h"
#include "cornu/kernels/softmax-inl.h"
#include "cornu/kernels/sparse-inl.h"
#include "cornu/kernels/targets_internal.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

template <Vector (*kOf)(Vector)>
void all(const float* x, float* y, int64_t size) {
  for_each_vector(size, [&](int64_t i, int64_t count)
                            CORNU_LAMBDA { store(kOf(load(x + i, count)), y + i, count); });
}

constexpr TargetTables kTables = {
    .kernels = {kColumnKernels, kDepthwiseKernels, kDropoutKernels, kElementLossKernels,
                kElementwiseKernels, kEmbeddingKernels, kEncodeKernels, kGradientChangeKernels,
                kNoiseKernels, kNonzeroKernels, kPeakKernels, kPenaltyKernels, kPointwiseKernels,
                kPoolKernels, kProductKernels, kRowLossKernels, kSoftmaxKernels, kSparseKernels,
                kUpdateKernels},
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
