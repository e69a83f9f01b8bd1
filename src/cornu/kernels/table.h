#pragma once

// The arithmetic of Cornu: pure functions on plain spans, one table of them per target,
// and every target gives the same bits. No allocation, no checks, no I/O. Order is part of each
// contract: see docs/determinism.md. Kernels are grouped in families, each with its own files.

#include "cornu/core/export.h"
#include "cornu/kernels/columns.h"
#include "cornu/kernels/depthwise.h"
#include "cornu/kernels/dropout.h"
#include "cornu/kernels/element_loss.h"
#include "cornu/kernels/elementwise.h"
#include "cornu/kernels/embedding.h"
#include "cornu/kernels/encode.h"
#include "cornu/kernels/gradient_changes.h"
#include "cornu/kernels/noise.h"
#include "cornu/kernels/nonzero.h"
#include "cornu/kernels/peak.h"
#include "cornu/kernels/penalty.h"
#include "cornu/kernels/pointwise.h"
#include "cornu/kernels/pool.h"
#include "cornu/kernels/product.h"
#include "cornu/kernels/row_losses.h"
#include "cornu/kernels/softmax.h"
#include "cornu/kernels/sparse.h"
#include "cornu/kernels/target.h"
#include "cornu/kernels/updates.h"

namespace cornu::inline v0::kernels {

/// The kernels of one number type. `TableOf<float>` exists for each target, with equal bits;
/// `TableOf<double>` only as the plain-loop reference that verifies gradients.
template <class T>
struct TableOf : ColumnKernelsOf<T>,
                 DepthwiseKernelsOf<T>,
                 DropoutKernelsOf<T>,
                 ElementLossKernelsOf<T>,
                 ElementwiseKernelsOf<T>,
                 EmbeddingKernelsOf<T>,
                 EncodeKernelsOf<T>,
                 GradientChangeKernelsOf<T>,
                 NoiseKernelsOf<T>,
                 NonzeroKernelsOf<T>,
                 PeakKernels,
                 PenaltyKernelsOf<T>,
                 PointwiseKernelsOf<T>,
                 PoolKernelsOf<T>,
                 ProductKernelsOf<T>,
                 RowLossKernelsOf<T>,
                 SoftmaxKernelsOf<T>,
                 SparseKernelsOf<T>,
                 UpdateKernelsOf<T> {};
using Table = TableOf<float>;

/// The kernels of a target. Error when this CPU does not support it.
CORNU_API const Table& table(Target target);
/// Plain loops in the same order: float with Cornu's functions, and double with libm's.
template <class T>
CORNU_API const TableOf<T>& reference_table();

}  // namespace cornu::inline v0::kernels
