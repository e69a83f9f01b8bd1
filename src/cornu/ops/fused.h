#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cornu/ops/encode.h"
#include "cornu/ops/pointwise.h"
#include "cornu/ops/rule_update.h"
#include "cornu/ops/updates.h"
#include "cornu/ops/window.h"

namespace cornu::inline v0 {

/// Other ops that an op carries out on its own numbers, where passes (plan/passes.h) have moved
/// them. Ops that sum products may have them before the sum (`decode`, and lists of the terms that
/// are not zero) and behind it (`function`, then `pool` or `update`).
struct Fused {
  /// The slots that they read, which follow the op's own inputs.
  enum Input : size_t { kNonzero, kListed, kSaved, kNumbers, kInputs };
  using Update = std::variant<std::monostate, ops::SgdUpdate, ops::AdamUpdate, ops::RuleUpdate>;

  std::optional<ops::Decode> decode = {};          ///< the first input holds stored bytes
  ops::Function function = ops::Function::linear;  ///< y = f(sum); with kSaved y = sum · f'(saved)
  /// y is not written: it is the gradient of this update, whose outputs are the op's. It may read
  /// kNumbers, which change from step to step.
  Update update = {};
  bool keeps_sums = false;  ///< the last output holds parts of the sums of a gradient

  /// y is not written: the outputs are those of max pooling over it by these windows.
  std::optional<ops::Window> pool = {};

  /// A product over the rows of a batch adds up its shards itself.
  bool sums_shards = false;

  /// A gradient of a convolution leaves out the zeros of dy, where there are enough of them.
  bool skips_zeros = false;

  /// By Input: the place in the op's inputs, or 0, where only an op's own input can be.
  std::array<uint8_t, kInputs> place = {};

  bool has_update() const { return !std::holds_alternative<std::monostate>(update); }
  friend bool operator==(const Fused&, const Fused&) = default;
};

}  // namespace cornu::inline v0
