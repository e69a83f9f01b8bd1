#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/plan/plan.h"

namespace cornu::inline v0 {

/// Turns a plan into a better one. A pass may move an operation, never change it: with or without
/// it, weights come out the same to the last bit.
struct Pass {
  std::string_view name;
  void (*rewrite)(Plan&);
};

/// The passes of the CPU executor, each of which may be left out, in order.
CORNU_API std::span<const Pass> cpu_passes();

/// The plan after every pass but those named in `without`. Error for a name that is no pass.
CORNU_API Plan improve(Plan plan, std::span<const std::string> without = {});

/// Drops every op that nothing reads, so there is no gradient for the first layer's input.
CORNU_API void drop_unread(Plan& plan);

/// Marks the barriers: one where an op touches what another member has written, or writes what
/// another may still be reading, and no other.
CORNU_API void schedule(Plan& plan);

/// Gives every activation and gradient its offset in the arena.
CORNU_API void lay_out(Plan& plan);

}  // namespace cornu::inline v0
