#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/plan/schedule.h"

namespace cornu::inline v0 {

/// Rewrites a plan, or a schedule of it, to make it faster or smaller. A pass may move an
/// operation, but never change it: weights have the same bits with the pass and without it.
struct Pass {
  std::string_view name;
  void (*rewrite)(Plan&) = nullptr;
  void (*schedule)(const Plan&, Schedule&) = nullptr;
};

/// The passes of the CPU executor, in order; each may be left out.
CORNU_API std::span<const Pass> cpu_passes();

/// Divides the rows of a batch, and with them each sum over rows, into `shards` parts, of which a
/// process computes its own. No pass: it changes bits.
CORNU_API void divide_into_shards(Plan& plan, int shards, const Part& part);

/// Lets each process update its slice of the weights alone, where no update needs more of a
/// gradient than the elements that it changes, and sends weights to all instead of gradients: as
/// many bytes, fewer computations (ZeRO's first stage, Rajbhandari et al. 2020). Moments are then
/// valid in that slice, until Executor::gather_states.
CORNU_API void divide_updates(Plan& plan);

/// The plan after every pass that rewrites it, except those named in `without`. Error for an
/// unknown name.
CORNU_API Plan improve(Plan plan, std::span<const std::string> without = {});

/// Drops every op whose outputs nothing reads, such as the gradient of the first layer's input.
CORNU_API void drop_unread(Plan& plan);

/// Lets ops that take fused ones (ops/fused.h) read the stored bytes of a batch and decode them.
CORNU_API void fuse_decode(Plan& plan);

/// Lets products over a batch leave out the k at which the batch is zero, if that is faster.
CORNU_API void skip_zeros(Plan& plan);

/// Lets products read the rows of a batch of bytes in the source's memory, instead of a copy.
CORNU_API void read_in_place(Plan& plan);

/// Takes the derivative of a relu that max pooling follows from the pooled numbers, before their
/// gradient is spread over the windows: both numbers and gradient are fewer there.
CORNU_API void derive_pooled(Plan& plan);

/// Applies activations, and their derivatives, to the sums of an op that takes fused ones while
/// they are in registers.
CORNU_API void fuse_activation(Plan& plan);

/// Pools the sums of a convolution, or what its activation makes of them, image by image while they
/// are in the cache, if only max pooling reads them. They are then never stored.
CORNU_API void fuse_pool(Plan& plan);

/// Lets a product over a batch of few rows add up the sums of its shards while they are in
/// registers.
CORNU_API void fuse_shards(Plan& plan);

/// Lets the optimizer use the gradient of a weight as soon as an op that takes fused ones has
/// computed it, if nothing else reads it.
CORNU_API void fuse_update(Plan& plan);

/// Lets the inputs of a concatenation be written where it would copy them, and a part of a slot be
/// read where it lies, by ops that take views (ops/views.h). Such a concatenation, slice or
/// cropping costs nothing.
CORNU_API void view_parts(Plan& plan);

/// Chooses each op's split over the team, and marks the barriers: one before an op that touches
/// data written by another member, or overwrites data that another may still read, and no others.
/// Between steps, an activation gets two copies instead, used in turn.
CORNU_API void share_work(const Plan& plan, Schedule& schedule);

/// Moves the columns of a weight and its moments that only one member touches to memory of that
/// member while steps run: in the matrix they would lie between the columns of others.
CORNU_API void shard_columns(const Plan& plan, Schedule& schedule);

/// Lets slots that are never needed at the same time share memory.
CORNU_API void share_memory(const Plan& plan, Schedule& schedule);

/// Gives every activation and gradient its own offset in the arena.
CORNU_API void lay_out(const Plan& plan, Schedule& schedule);

}  // namespace cornu::inline v0
