#pragma once

// Plain loops that compute in the same order as every target, for float and double. F provides the
// functions exp, expm1, log, log1p, sigmoid, tanh and erf of T.

#include "cornu/kernels/columns_reference.h"
#include "cornu/kernels/depthwise_reference.h"
#include "cornu/kernels/element_loss_reference.h"
#include "cornu/kernels/elementwise_reference.h"
#include "cornu/kernels/embedding_reference.h"
#include "cornu/kernels/gradient_changes_reference.h"
#include "cornu/kernels/nonzero_reference.h"
#include "cornu/kernels/peak_reference.h"
#include "cornu/kernels/penalty_reference.h"
#include "cornu/kernels/pointwise_reference.h"
#include "cornu/kernels/pool_reference.h"
#include "cornu/kernels/product_reference.h"
#include "cornu/kernels/row_losses_reference.h"
#include "cornu/kernels/scalar_internal.h"
#include "cornu/kernels/softmax_reference.h"
#include "cornu/kernels/sparse_reference.h"
#include "cornu/kernels/table.h"
#include "cornu/kernels/updates_reference.h"

namespace cornu::inline v0::kernels {

template <class T, class F>
constexpr TableOf<T> kReferenceTable = {
    ColumnsReference<T>::kKernels,
    DepthwiseReference<T>::kKernels,
    DropoutKernelsOf<T>{.dropout = dropout<T>},
    ElementLossReference<T, F>::kKernels,
    ElementwiseReference<T>::kKernels,
    EmbeddingReference<T>::kKernels,
    EncodeKernelsOf<T>{.decode = decode<T>, .encode = encode<T>, .one_hot = one_hot<T>},
    GradientChangesReference<T>::kKernels,
    NoiseKernelsOf<T>{.noise = noise<T>},
    NonzeroReference<T>::kKernels,
    PeakReference<T>::kKernels,
    PenaltyReference<T>::kKernels,
    PointwiseReference<T, F>::kKernels,
    PoolReference<T>::kKernels,
    ProductReference<T, F>::kKernels,
    RowLossesReference<T>::kKernels,
    SoftmaxReference<T, F>::kKernels,
    SparseReference<T>::kKernels,
    UpdatesReference<T>::kKernels,
};

}  // namespace cornu::inline v0::kernels
