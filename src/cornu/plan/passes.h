#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/plan/schedule.h"

namespace cornu::inline v0 {

/// Turns a plan into a better one, or makes a schedule of it better: it rewrites one or the other.
/// A pass may move an operation, never change it: with or without it, weights come out the same to
/// the last bit.
struct Pass {
  std::string_view name;
  void (*rewrite)(Plan&) = nullptr;
  void (*schedule)(const Plan&, Schedule&) = nullptr;
};

/// The passes of the CPU executor, each of which may be left out, in order.
CORNU_API std::span<const Pass> cpu_passes();

/// The plan after every pass that rewrites it but those named in `without`. Error for a name that
/// is no pass.
CORNU_API Plan improve(Plan plan, std::span<const std::string> without = {});

/// Drops every op that nothing reads, so there is no gradient for the first layer's input.
CORNU_API void drop_unread(Plan& plan);

/// Lets products read the stored bytes of a batch and decode them themselves.
CORNU_API void fuse_decode(Plan& plan);

/// Lets products over a batch leave out the k at which it is zero, where that is faster.
CORNU_API void skip_zeros(Plan& plan);

/// Lets products read the rows of a batch of bytes in the source's memory, instead of a copy.
CORNU_API void read_in_place(Plan& plan);

/// Applies activations, and their derivatives, to the sums of a product while they are in
/// registers.
CORNU_API void fuse_activation(Plan& plan);

/// Lets the optimizer use the gradient of a weight as soon as the product has computed it, where
/// nothing else reads it.
CORNU_API void fuse_update(Plan& plan);

/// Gives each op its split over the team, and marks the barriers: one where an op touches what
/// another member has written, or writes what another may still be reading, and no other. Where
/// the next step would, an activation has two copies instead, used in turn.
CORNU_API void share_work(const Plan& plan, Schedule& schedule);

/// Gives each member the columns of a weight and its moments that only it touches, in memory of its
/// own while steps run: in the rows of a matrix they would lie between the others'.
CORNU_API void shard_columns(const Plan& plan, Schedule& schedule);

/// Lets slots that are never needed at the same time share memory.
CORNU_API void share_memory(const Plan& plan, Schedule& schedule);

/// Gives every activation and gradient its own offset in the arena.
CORNU_API void lay_out(const Plan& plan, Schedule& schedule);

}  // namespace cornu::inline v0
